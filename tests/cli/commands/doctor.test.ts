import assert from 'node:assert/strict'
import { runCommand } from '../run-command.ts'
import { startStandInServer, type Answer } from '../stand-in-server.ts'

const ids = { good: '01930000-0000-7000-8000-00000000000a', bad: '01930000-0000-7000-8000-00000000000b' }
const ready = (states: Readonly<Record<string, string>> = {}) => ({
  status: 'ready',
  version: '0.1.0',
  parts: ['database', 'migrations', 'temporal', 'workers'].map((name) => ({
    name,
    state: name in states ? 'failing' : 'ok',
    detail: states[name] ?? null,
  })),
})
const health = { isHealthy: true, status: 'connected', statusReason: null, alarms: [], feeds: [] }

/** A server that is as it should be, but for what the test says. */
function answerWith(own: Readonly<Record<string, Answer>>) {
  const well: Readonly<Record<string, Answer>> = {
    '/api/health/ready': { json: ready() },
    '/api/districts': { json: { items: [{ slug: 'lakeside' }], nextCursor: null } },
    '/api/connections': { json: { items: [{ id: ids.good, name: 'Files', district: 'lakeside' }], nextCursor: null } },
    [`/api/connections/${ids.good}/health`]: { json: health },
  }
  return ({ path }: { path: string }): Answer => {
    const plain = path.split('?')[0] ?? ''
    return own[plain] ?? well[plain] ?? { status: 404, json: { code: 'NOT_FOUND' } }
  }
}

async function doctor(own: Readonly<Record<string, Answer>> = {}, ...args: string[]) {
  const server = await startStandInServer(answerWith(own))
  const ended = await runCommand(['doctor', ...args], { url: server.url })
  await server.close()
  return ended
}

describe('doctor', () => {
  it('says that nothing is broken where nothing is', async () => {
    const { exitCode, stdout } = await doctor()
    assert.match(stdout, /Nothing is broken/)
    assert.match(stdout, /ok +lakeside: Files: well/)
    assert.equal(exitCode, 0)
  })

  it('names each part that fails, with what to do', async () => {
    const json = ready({ workers: 'No worker asks for activities.' })
    const { exitCode, stdout } = await doctor({ '/api/health/ready': { json } })
    assert.match(stdout, /FAULT +workers: failing\n +No worker asks for activities\./)
    assert.equal(exitCode, 1)
  })

  it('knows a server that is not there, and one that is another program', async () => {
    const away = await runCommand(['doctor'], { url: 'http://127.0.0.1:9' })
    assert.match(away.stdout, /FAULT +server: http:\/\/127\.0\.0\.1:9 does not answer/)
    const other = await doctor({ '/api/health/ready': { text: '<html>Welcome</html>' } })
    assert.match(other.stdout, /is not this version of Rollbook/)
    assert.deepEqual([away.exitCode, other.exitCode], [1, 1])
  })

  it('knows a token that is not good, and tells of another version', async () => {
    const problem = { code: 'TOKEN_MISSING', detail: 'This token is unknown or has expired.', status: 401 }
    const ended = await doctor({
      '/api/health/ready': { json: { ...ready(), version: '9.9.9' } },
      '/api/districts': { status: 401, json: problem },
    })
    assert.match(ended.stdout, /FAULT +token: /)
    assert.match(ended.stdout, /look +version: the server has 9\.9\.9/)
  })

  it('tells of connections that failed, and of districts without one', async () => {
    const connections = {
      json: { items: [{ id: ids.bad, name: 'Files', district: 'lakeside' }], nextCursor: null },
    }
    const broken = { ...health, isHealthy: false, status: 'failed', statusReason: 'The host key is another one.' }
    const ended = await doctor({
      '/api/connections': connections,
      [`/api/connections/${ids.bad}/health`]: { json: broken },
      '/api/districts': { json: { items: [{ slug: 'lakeside' }, { slug: 'hillview' }], nextCursor: null } },
    })
    assert.match(ended.stdout, new RegExp(`FAULT +lakeside: Files: The host key is another one\\.\\n.*${ids.bad}`))
    assert.match(ended.stdout, /look +district hillview: no connection/)
    assert.equal(ended.exitCode, 1)
  })

  it('prints one document on request', async () => {
    const { stdout } = await doctor({}, '--json')
    const document = JSON.parse(stdout) as { healthy: boolean; checks: { name: string; state: string }[] } // as it prints it
    assert.equal(document.healthy, true)
    assert.deepEqual(document.checks.find(({ name }) => name === 'migrations')?.state, 'ok')
  })
})
