import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterTest } from '../harness/after-test.ts'
import { runDocument, runId, startStandInServer } from './stand-in-server.ts'

async function stopWhileWaiting(...more: string[]) {
  const underWay = runDocument({ state: 'applying', statusText: 'Import in Progress', finishedAt: null })
  const server = await startStandInServer(() => ({ json: underWay }))
  afterTest(server.close)
  const env = { PATH: process.env['PATH'], ROLLBOOK_URL: server.url, ROLLBOOK_TOKEN: 'token' }
  const entry = join(import.meta.dirname, '..', '..', 'cli', 'main.ts')
  const child = spawn(process.execPath, [entry, 'run', 'wait', runId, ...more], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const closed = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_, signal) => {
      resolve(signal)
    })
  })
  // The second question is asked after the first answer: the command waits by then.
  while (server.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  const signal = await closed
  return { signal, stdout, stderr }
}

describe('a command that is stopped while it waits for a run', () => {
  it('says that the run goes on and how to wait for it again, and ends by the signal', async () => {
    const { signal, stdout, stderr } = await stopWhileWaiting()
    assert.equal(signal, 'SIGINT')
    assert.equal(stdout, '')
    assert.match(stderr, new RegExp(`Run ${runId} goes on\\. Wait for it again: rollbook run wait ${runId}\\n$`))
  })

  it('says so in its one document, too, where JSON is asked for', async () => {
    const { stdout } = await stopWhileWaiting('--json')
    const { error } = JSON.parse(stdout) as { error: { code: string; detail: string } }
    assert.equal(error.code, 'INTERRUPTED')
    assert.match(error.detail, new RegExp(`rollbook run wait ${runId}`))
  })
})
