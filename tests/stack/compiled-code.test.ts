import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileCache, compileWorkerCode } from '../../stack/compiled-code.ts'
import { workerMemoryFlags } from '../../stack/our-processes.ts'
import { root } from '../../stack/root.ts'
import { runCommand } from '../../stack/run-command.ts'

/** Loads a worker that has no settings, and prints whether Node took in its compiler of TypeScript for that. */
const script = `
  await import(${JSON.stringify(`${root}/workers/main.ts`)}).catch(() => undefined)
  process.stdout.write(String(process.moduleLoadList.some((name) => name.includes('/amaro/'))))`

async function compilesTypeScript(environment: NodeJS.ProcessEnv): Promise<string> {
  const args = [...workerMemoryFlags, '--input-type=module', '--eval', script]
  return await runCommand(process.execPath, args, { timeoutMs: 60_000, env: environment })
}

describe('the code of a worker', () => {
  it('is compiled before a worker starts with it', async () => {
    await compileWorkerCode()
    assert.equal(await compilesTypeScript({}), 'true')
    assert.equal(await compilesTypeScript({ NODE_COMPILE_CACHE: compileCache }), 'false')
  })
})
