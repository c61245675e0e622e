import assert from 'node:assert/strict'
import { describeRun } from '../../cli/run-report.ts'
import { heldRun, runDocument, runId } from './stand-in-server.ts'

describe('what a person reads of a held run', () => {
  it('names the limits, the schools, examples, and what to do next', () => {
    assert.equal(
      describeRun(heldRun()),
      `Held for Review
  run ${runId}, students of lincoln-county
  read 104 · created 0 · updated 0 · deactivated 0 · reactivated 0 · unchanged 104 · skipped 0 · rejected 0

This import waits for a person, because a safety limit was met:
  - the whole district: 76 records would be made inactive
    42.0 % of the records; the limit "deactivations" is 10.0 %
    e.g. 01930000-0000-7000-8000-0000000000e1
  - school Franklin High (org-7): 40 records would be made inactive
    100.0 % of the records; the limit "deactivations" is 10.0 %
    e.g. 01930000-0000-7000-8000-0000000000e1  S-1 Ada Quist

What to do next:
  look at the plan     rollbook run plan ${runId} --csv
  it is right          rollbook hold approve ${runId}
  it is wrong          rollbook hold discard ${runId}
  A later import of a good package takes its place by itself.`,
    )
  })
})

describe('what a person reads of a cancelled run', () => {
  it('counts the findings by rule and says where all of them are', () => {
    const byRule = { 'Z-12': { severity: 'block' as const, count: 1 } }
    const text = describeRun(
      runDocument({
        state: 'cancelled',
        statusText: 'Critical Error – Import Cancelled',
        findings: { block: 1, error: 0, warning: 0, info: 0, byRule },
        failure: { code: 'INPUT_REFUSED', detail: 'The package cannot be used; its findings say why.' },
      }),
    )
    assert.match(text, /findings: Z-12 block × 1/)
    assert.match(text, /The package cannot be used; its findings say why. \[INPUT_REFUSED\]/)
    assert.match(text, new RegExp(`rollbook run findings ${runId} --csv`))
  })
})

describe('what a person reads of a test import', () => {
  it('says where a real one would be held', () => {
    const text = describeRun({ ...heldRun(), state: 'tested', statusText: 'Test Import Finished', test: true })
    assert.match(
      text,
      /A real import would be held, because a safety limit is met:\n {2}- the whole district: 76 records/,
    )
    assert.doesNotMatch(text, /hold approve/)
  })
})

describe('what a person reads of a run with alerts', () => {
  it('says how many, of what, and what to do', () => {
    const text = describeRun(
      runDocument({
        state: 'completedWithAlerts',
        statusText: 'Import Complete with Alerts',
        alerts: [
          { kind: 'missingExpected', field: 'gradeLevel', code: null, count: 20, rule: null, new: null, held: null },
          { kind: 'notImported', field: 'R-05', code: null, count: 3, rule: 'R-05', new: 1, held: 2 },
        ],
      }),
    )
    assert.match(text, /alert: 3 students not imported \(R-05\), 1 new and 2 held: correct them at the source/)
    assert.match(text, new RegExp(`rollbook run findings ${runId} --csv`))
    assert.match(text, /alert: 20 students without gradeLevel: fill it at the source, or map another column to it/)
  })
})

describe('what a person reads of an alert that this program does not know', () => {
  it('is its name', () => {
    const alert = { kind: 'soonInvented', field: 'x', code: null, count: 2, rule: null, new: null, held: null }
    // A kind of a later server: the type does not know it either.
    const text = describeRun(runDocument({ state: 'completedWithAlerts', alerts: [alert as never] }))
    assert.match(text, /alert: 2 students soonInvented x/)
  })
})

describe('what a person reads of a run whose log was removed', () => {
  it('says after how many days, and how to see it again, instead of naming what is gone', () => {
    const text = describeRun(runDocument({ state: 'tested', logRemovedAfterDays: 30 }))
    assert.match(text, /removed after 30 days/)
    assert.match(text, new RegExp(`rollbook run rerun ${runId} --test`))
    assert.doesNotMatch(text, /run plan|run findings/)
  })
})
