import assert from 'node:assert/strict'
import { runCommand } from './run-command.ts'
import { runId, startStandInServer } from './stand-in-server.ts'
import { afterTest } from '../harness/after-test.ts'

describe('--json', () => {
  it('prints one array for a list of several pages', async () => {
    const pages = [
      { items: [{ seq: 1 }, { seq: 2 }], nextCursor: 'next' },
      { items: [{ seq: 3 }], nextCursor: null },
    ]
    const server = await startStandInServer((_, at) => ({ json: pages[at] }))
    afterTest(server.close)
    const ended = await runCommand(['run', 'findings', runId, '--json'], server)
    assert.equal(ended.exitCode, 0, ended.stderr)
    assert.deepEqual(JSON.parse(ended.stdout), [{ seq: 1 }, { seq: 2 }, { seq: 3 }])
    assert.match(server.seen[1]?.path ?? '', /cursor=next/)
  })

  it('prints an empty array for an empty list', async () => {
    const server = await startStandInServer(() => ({ json: { items: [], nextCursor: null } }))
    afterTest(server.close)
    const ended = await runCommand(['run', 'plan', runId, '--json'], server)
    assert.deepEqual(JSON.parse(ended.stdout), [])
  })

  it('passes CSV on as it is', async () => {
    const text = 'recordId,status,sisId\na,active,"x, y"\n'
    const server = await startStandInServer(() => ({ text }))
    afterTest(server.close)
    const ended = await runCommand(['records', 'students', '--district', 'lincoln-county', '--csv'], server)
    assert.equal(ended.stdout, text)
    assert.equal(server.seen[0]?.path, '/api/districts/lincoln-county/records/students?all=false')
  })
})
