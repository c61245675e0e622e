import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readCommandLine } from '../../stack/processes/leftover-process.ts'
import { root } from '../../stack/root.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'
import { until } from '../harness/until.ts'

const Seen = z.object({ variables: z.record(z.string(), z.string()), pids: z.record(z.string(), z.int()) })

/** Prints what the stack gave it, then waits to be stopped, or ends with the code it was given. */
const command = `
  const { ROLLBOOK_STACK_PIDS } = process.env
  const variables = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('ROLLBOOK_')))
  const pids = JSON.parse(require('node:fs').readFileSync(ROLLBOOK_STACK_PIDS, 'utf8'))
  console.log(JSON.stringify({ variables, pids }))
  if (process.argv[1] === 'wait') setInterval(() => undefined, 1000)
  else process.exitCode = Number(process.argv[1])`

function startExec(
  argument: string,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const own = [join(root, 'cli/main.ts'), 'stack', 'exec', '--', process.execPath, '-e', command, argument]
  return spawn(process.execPath, own, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } })
}

async function readFirstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text
}

function end(started: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => started.once('exit', (code) => resolve(code)))
}

async function untilAllEnded(pids: Readonly<Record<string, number>>): Promise<void> {
  await until(() => Object.values(pids).every((pid) => readCommandLine(pid) === undefined))
}

describe('stack exec', () => {
  it('gives the command a stack of its own and the variables of the contract, and ends with its code', async () => {
    const started = startExec('7')
    const ended = end(started)
    const { variables, pids } = Seen.parse(JSON.parse(await readFirstLine(started.stdout)))
    strictEqual(await ended, 7)
    match(variables['ROLLBOOK_URL'] ?? '', /^http:\/\/127\.0\.0\.1:\d+$/)
    match(variables['ROLLBOOK_TEMPORAL_ADDRESS'] ?? '', /^127\.0\.0\.1:\d+$/)
    for (const name of ['ROLLBOOK_TOKEN', 'ROLLBOOK_DATABASE_URL', 'ROLLBOOK_APP_DATABASE_URL', 'ROLLBOOK_MAIL_DIR']) {
      ok(variables[name] !== undefined, name)
    }
    ok(existsSync(variables['ROLLBOOK_TEMPORAL_CLI'] ?? ''))
    deepStrictEqual(Object.keys(pids).sort(), ['api', 'postgres', 'temporal', 'worker'])
    await untilAllEnded(pids)
    ok(!existsSync(variables['ROLLBOOK_STACK_PIDS'] ?? ''))
  })

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
    it(`leaves no process behind on ${signal}`, async () => {
      const started = startExec('wait')
      const ended = end(started)
      const { pids } = Seen.parse(JSON.parse(await readFirstLine(started.stdout)))
      started.kill(signal)
      await ended
      await untilAllEnded(pids)
    })
  }

  it('removes the data of an earlier one that was killed', async () => {
    // Of its own: any test beside this one that makes a folder in the system's removes what was left there.
    const own = makeTemporaryDirectory()
    const killed = startExec('wait', { TMPDIR: own.path })
    const { variables, pids } = Seen.parse(JSON.parse(await readFirstLine(killed.stdout)))
    const left = dirname(variables['ROLLBOOK_STACK_PIDS'] ?? '')
    const killedEnded = end(killed)
    killed.kill('SIGKILL')
    await killedEnded
    await untilAllEnded(pids)
    ok(existsSync(left))
    makeTemporaryDirectory(own.path).remove()
    ok(!existsSync(left))
    own.remove()
  })
})
