import assert from 'node:assert/strict'
import { join } from 'node:path'
import { compileCache, compileWorkerCode } from '../../../stack/code/compiled-code.ts'
import { memoryFlags } from '../../../stack/processes/our-processes.ts'
import { root } from '../../../stack/root.ts'
import { runCommand } from '../../../stack/processes/run-command.ts'

/** Loads a worker that has no settings, or a thread, and prints whether Node took in its compiler of TypeScript. */
const load = (path: string): string => `
  await import(${JSON.stringify(join(root, path))}).catch(() => undefined)
  process.stdout.write(String(process.moduleLoadList.some((name) => name.includes('/amaro/'))))`

async function compilesTypeScript(path: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const args = [...memoryFlags, '--input-type=module', '--eval', load(path)]
  return await runCommand(process.execPath, args, { timeoutMs: 60_000, env: environment })
}

describe('the code of a worker', () => {
  it('is compiled before a worker starts with it', async () => {
    await compileWorkerCode()
    for (const path of ['workers/main.ts', 'connectors/oneroster-csv/scan/scan-thread.ts']) {
      assert.equal(await compilesTypeScript(path, {}), 'true')
      assert.equal(await compilesTypeScript(path, { NODE_COMPILE_CACHE: compileCache }), 'false')
    }
  })
})
