import assert from 'node:assert/strict'
import { describeRunState } from '../../domain/import-run.ts'
import { titleOfEvent } from '../../domain/events/event-kinds.ts'

const cancelled = { state: 'cancelled', undoOf: null } as const

describe('the words for a run that was cancelled', () => {
  it('are a critical error where a step, or a source, failed', () => {
    for (const code of ['INTERNAL_ERROR', 'SOURCE_REFUSED', 'INPUT_MISSING']) {
      assert.equal(describeRunState({ ...cancelled, failure: { code } }), 'Critical Error – Import Cancelled')
    }
    assert.equal(titleOfEvent('runFailed', 'INTERNAL_ERROR'), 'Critical Error – Import Cancelled')
  })

  it('are none where the file is wrong, or somebody wished it', () => {
    assert.equal(describeRunState({ ...cancelled, failure: { code: 'INPUT_REFUSED' } }), 'Import Refused')
    assert.equal(titleOfEvent('runFailed', 'INPUT_REFUSED'), 'Import Refused')
    const failure = { code: 'RUN_CANCELLED', by: 'Ada: the operator' }
    assert.equal(describeRunState({ ...cancelled, failure }), 'Import Cancelled by Ada: the operator')
    assert.equal(describeRunState({ ...cancelled, failure: { code: 'RUN_CANCELLED' } }), 'Import Cancelled')
  })

  it('are those of an undo for an undo', () => {
    const undo = { ...cancelled, undoOf: 'a run', failure: { code: 'RUN_CANCELLED', by: 'x' } }
    assert.equal(describeRunState(undo), 'Critical Error – Undo Stopped')
  })
})
