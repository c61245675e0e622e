import assert from 'node:assert/strict'
import { UndoDocument, type UndoneRunDocument } from '../../../api/contract/undo.ts'
import { runCommand } from '../run-command.ts'
import { runId, startStandInServer, type Answer } from '../stand-in-server.ts'

const idOf = (number: number) => `01930000-0000-7000-8000-00000000000${number}`
const throughId = idOf(9)
const receipt = { runId, undoRunId: null, delivery: 'sent', message: '2 runs are being undone.', throughId, runs: [] }

const ofRun = (undoOf: string, changes: Partial<UndoneRunDocument> = {}): UndoneRunDocument => ({
  ...{ runId: idOf(5), undoOf, kind: 'resolution', state: 'undone' },
  ...{ reverted: 3, madeInactive: 0, skipped: [], skippedCount: 0 },
  ...changes,
})

function through(changes: Partial<UndoDocument>): UndoDocument {
  const notUndone = [runId]
  return { ...ofRun(runId, { runId: null, kind: 'import', state: 'undoing' }), notUndone, throughId, ...changes }
}

async function undo(answers: readonly Answer[], ...flags: string[]) {
  const server = await startStandInServer((_, at) => answers[at] ?? answers.at(-1) ?? {})
  try {
    const env = { env: { ROLLBOOK_URL: server.url, ROLLBOOK_TOKEN: 'token' } }
    return { ...(await runCommand(['undo', runId, '--through', ...flags], env)), seen: server.seen }
  } finally {
    await server.close()
  }
}

describe('undo --through', () => {
  it('asks once, and waits through a restart and past an earlier wish for the end of its own', async () => {
    const done = through({ state: 'undone', runs: [ofRun(idOf(2)), ofRun(runId, { kind: 'import' })], notUndone: [] })
    const ended = await undo(
      [
        { status: 202, json: receipt },
        { json: through({ state: 'stopped', throughId: idOf(8), runs: [] }) },
        { status: 503, json: { code: 'WORKFLOWS_UNAVAILABLE', title: 'Away.', detail: 'Wait.' } },
        { json: through({ state: 'undoing', runs: [ofRun(idOf(2), { state: 'undoing' })] }) },
        { json: done },
      ],
      '--json',
    )
    assert.equal(ended.exitCode, 0, ended.stderr)
    assert.deepEqual(UndoDocument.parse(JSON.parse(ended.stdout)), UndoDocument.parse(done))
    assert.deepEqual(JSON.parse(ended.seen[0]?.body ?? ''), { reason: '', through: true })
    assert.equal(ended.seen.filter(({ method }) => method === 'POST').length, 1)
    assert.ok(ended.stderr.includes(`Undoing run ${idOf(2)} (1 of 2)`), ended.stderr)
  })

  for (const [name, state, exitCode] of [
    ['was refused', 'undone', 3],
    ['failed', 'stopped', 1],
  ] as const) {
    it(`prints one document of what was done, and exit code ${exitCode}, when one in the middle ${name}`, async () => {
      const stoppedReason = 'Run 7 could not be undone: its undo window ended.'
      const stopped = through({ state: 'stopped', stoppedReason, runs: [ofRun(idOf(2), { state })] })
      const answers = [{ status: 202, json: receipt }, { json: stopped }]
      const ended = await undo(answers, '--json')
      assert.equal(ended.exitCode, exitCode)
      assert.equal(UndoDocument.parse(JSON.parse(ended.stdout)).state, 'stopped')
      const told = await undo(answers)
      for (const words of [/^Undo Stopped$/m, /its undo window ended/, new RegExp(`run ${runId} is as it was`)]) {
        assert.match(told.stdout, words)
      }
    })
  }

  it('is a problem when nothing was undone', async () => {
    const stopped = through({ state: 'stopped', runs: [], stoppedReason: 'Run 7 changed the records meanwhile.' })
    const ended = await undo([{ status: 202, json: receipt }, { json: stopped }], '--json')
    assert.equal(ended.exitCode, 3)
    const { error } = JSON.parse(ended.stdout) as { error: unknown } // a problem
    const detail = 'The run was not undone: run 7 changed the records meanwhile.'
    assert.deepEqual(error, { code: 'NOT_CARRIED_OUT', status: null, detail, requestId: null })
  })
})
