import assert from 'node:assert/strict'
import { describeRun, startedProgress } from '../../../workflows/import/describe-run.ts'

const actions = { create: 1, update: 2, deactivate: 0, reactivate: 0, unchanged: 7, skip: 0 }

describe("the text of a run in Temporal's pages", () => {
  it('counts what was applied as done once the run is over, and as so far before', () => {
    const progress = { ...startedProgress(), applied: actions }
    assert.match(describeRun({ ...progress, state: 'applying' }), /Applied so far: 1 created, 2 updated/)
    const over = describeRun({ ...progress, state: 'completed' })
    assert.match(over, /Applied: 1 created, 2 updated, 0 made inactive, 0 made active again/)
    assert.doesNotMatch(over, /so far|to create/)
  })

  it('names schools by name and source id, and one record as one', () => {
    const school = {
      scope: 'school',
      schoolId: 'our-id',
      schoolName: 'Franklin High',
      schoolSourceKey: 'org-7',
    } as const
    const met = { ...school, limit: 'deactivations', value: 0.5, max: 0.1, count: 1 } as const
    const text = describeRun({ ...startedProgress(), state: 'held', metLimits: [met] })
    assert.match(text, /- deactivations, school Franklin High \(org-7\): 1 record, 50 % \(limit 10 %\)/)
    assert.doesNotMatch(text, /our-id/)
  })

  it('calls a refused file and a cancelled run what they are', () => {
    const over = { ...startedProgress(), state: 'cancelled' as const }
    assert.match(describeRun({ ...over, failure: { code: 'INPUT_REFUSED' } }), /^\*\*Import Refused\*\*/)
    assert.match(
      describeRun({ ...over, failure: { code: 'RUN_CANCELLED', by: 'Ada' } }),
      /^\*\*Import Cancelled by Ada\*\*/,
    )
  })
})
