import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunDocument } from '../../api/contract/run.ts'
import type { RunState } from '../../domain/import-run.ts'
import { runCommand } from './run-command.ts'
import { heldRun, runDocument, runId, startStandInServer, type Answer, type SeenRequest } from './stand-in-server.ts'
import { makeFolder } from './make-folder.ts'
import { afterTest } from '../harness/after-test.ts'

async function serve(answer: (request: SeenRequest, at: number) => Answer) {
  const server = await startStandInServer(answer)
  afterTest(server.close)
  return server
}

function zipFile(): string {
  const path = join(makeFolder(), 'package.zip')
  writeFileSync(path, 'bytes of a package')
  return path
}

describe('the exit code of an import', () => {
  const expected: Partial<Record<RunState, number>> = {
    completed: 0,
    unchanged: 0,
    tested: 0,
    cancelled: 3,
    completedWithAlerts: 4,
    held: 5,
  }
  for (const [state, exitCode] of Object.entries(expected)) {
    it(`is ${exitCode} for a run that ends ${state}`, async () => {
      // The keys above are run states.
      const run = state === 'held' ? heldRun() : runDocument({ state: state as RunState })
      const server = await serve(() => ({ json: run }))
      const ended = await runCommand(
        ['import', zipFile(), '--district', 'lincoln-county', '--data-type', 'students', '--json'],
        server,
      )
      assert.equal(ended.exitCode, exitCode, ended.stderr)
      assert.deepEqual(JSON.parse(ended.stdout), run)
      assert.equal(server.seen[0]?.body, 'bytes of a package')
      assert.match(server.seen[0].path, /^\/api\/districts\/lincoln-county\/imports\?dataType=students/)
    })
  }

  it('is 1 for a run that a defect of ours ended', async () => {
    const failure = { code: 'INTERNAL_ERROR', detail: 'Something failed that nobody foresaw.' }
    const server = await serve(() => ({ json: runDocument({ state: 'cancelled', failure }) }))
    assert.equal((await runCommand(['run', 'wait', runId, '--json'], server)).exitCode, 1)
  })

  it('waits until the run is at rest, through an outage of the server', async () => {
    const answers: Answer[] = [
      { json: runDocument({ state: 'queued' }) },
      { json: runDocument({ state: 'validating' }) },
      { status: 503, json: { code: 'DATABASE_UNAVAILABLE', title: 'x', detail: 'y', status: 503 } },
      { json: runDocument({ state: 'completed' }) },
    ]
    const server = await serve((_, at) => answers[at] ?? { json: runDocument() })
    const ended = await runCommand(
      ['import', zipFile(), '--district', 'lincoln-county', '--data-type', 'students', '--json'],
      server,
    )
    assert.equal(ended.exitCode, 0, ended.stderr)
    // The command prints a document of the contract.
    assert.equal((JSON.parse(ended.stdout) as RunDocument).state, 'completed')
    assert.match(ended.stderr, /waiting for it to come back/)
    assert.equal(server.seen.length, 4)
  })
})

describe('a command that cannot be done', () => {
  it('ends with 2 and the help of the command on wrong usage', async () => {
    for (const args of [
      ['import'],
      ['run', 'nonsense'],
      ['nonsense'],
      ['import', 'x.zip', '--district', 'a', '--bad'],
    ]) {
      const ended = await runCommand(args)
      assert.equal(ended.exitCode, 2, args.join(' '))
      assert.match(ended.stderr, /Usage: rollbook/)
      assert.equal(ended.stdout, '')
    }
  })

  it('ends with 2 for what a later release brings', async () => {
    const calls = [
      ['operator', 'invite', 'ada@example.org'],
      ['simulate', 'powerschool', '--port', '1'],
      ['course-requests', 'send', '--district', 'x'],
    ]
    for (const args of calls) {
      const ended = await runCommand(args)
      assert.equal(ended.exitCode, 2, args.join(' '))
      assert.match(ended.stderr, /is not built yet/)
    }
  })

  it('ends with 1 and says how to start a server when none can be reached', async () => {
    const server = await startStandInServer(() => ({ json: {} }))
    await server.close()
    const ended = await runCommand(['district', 'list'], { ...server, cwd: makeFolder() })
    assert.equal(ended.exitCode, 1)
    assert.match(ended.stderr, /cannot be reached \(ECONNREFUSED\).*npm start/)
  })

  it('ends with 2 when the server does not know the name, and prints its words', async () => {
    const problem = { code: 'NOT_FOUND', title: 'There is nothing of that name here.', detail: 'No run.', status: 404 }
    const server = await serve(() => ({ status: 404, json: problem }))
    const ended = await runCommand(['run', 'show', runId, '--json'], server)
    assert.equal(ended.exitCode, 2)
    assert.match(ended.stderr, /No run\. \[NOT_FOUND\]/)
    assert.deepEqual(JSON.parse(ended.stdout), {
      error: { code: 'NOT_FOUND', status: 404, detail: 'No run.', requestId: null },
    })
  })

  it('ends with 3 when a connection test fails', async () => {
    const connection = { id: runId, status: 'failed', statusReason: 'the host does not answer' }
    const server = await serve(() => ({ json: connection }))
    const ended = await runCommand(['connection', 'test', runId, '--json'], server)
    assert.equal(ended.exitCode, 3)
    assert.match(ended.stderr, /the host does not answer/)
  })
})

describe('a decision on a hold', () => {
  const receipt = { runId, delivery: 'answered', message: 'The run goes on.' }

  it('waits until an approved run was applied and ends as the run does', async () => {
    const answers: Answer[] = [
      { json: receipt },
      { json: heldRun() },
      { json: runDocument({ state: 'applying' }) },
      { json: runDocument({ state: 'completed' }) },
    ]
    const server = await serve((_, at) => answers[at] ?? { json: runDocument() })
    const ended = await runCommand(['hold', 'approve', runId, '--json'], server)
    assert.equal(ended.exitCode, 0, ended.stderr)
    assert.equal((JSON.parse(ended.stdout) as RunDocument).state, 'completed')
    assert.deepEqual(JSON.parse(server.seen[0]?.body ?? ''), { decision: 'approve' })
  })

  it('ends with 0 once a run was discarded as asked', async () => {
    const discarded = runDocument({ state: 'discarded', statusText: 'Import Discarded' })
    const server = await serve((_, at) => ({ json: at === 0 ? receipt : discarded }))
    const ended = await runCommand(['hold', 'discard', runId], server)
    assert.equal(ended.exitCode, 0, ended.stderr)
    assert.match(ended.stdout, /Import Discarded/)
  })
})
