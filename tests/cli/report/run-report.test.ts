import assert from 'node:assert/strict'
import { describeProgress } from '../../../cli/progress.ts'
import { describeRun } from '../../../cli/report/run-report.ts'
import { heldRun, runDocument, runId } from '../stand-in-server.ts'

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
    e.g. S-1
  - school Franklin High (org-7): 40 records would be made inactive
    100.0 % of the records; the limit "deactivations" is 10.0 %
    e.g. S-1 Ada Quist

What to do next:
  look at the plan     rollbook run plan ${runId} --csv
  it is right          rollbook hold approve ${runId}
  it is wrong          rollbook hold discard ${runId}
  A later import of a good package takes its place by itself.`,
    )
  })
})

describe('what a person reads of a run that does not get on', () => {
  const trouble = {
    step: 'fetchInput',
    attempts: 3,
    code: 'SOURCE_UNAVAILABLE',
    detail: 'The source did not answer, or is busy.',
    nextTryAt: null,
    advice: 'look at the source',
  }
  const run = runDocument({ state: 'queued', statusText: 'Import Queued', trouble })
  const words =
    'fetching the input from the source: failed 3 times and is tried again. The source did not answer, or is busy. [SOURCE_UNAVAILABLE]'

  it('is the step, its failure, and what to do, also while he waits', () => {
    assert.ok(describeRun(run).includes(`\n  ${words}\n  what to do: look at the source`))
    assert.equal(describeProgress(run), `Import Queued: ${words}`)
  })

  it('is nothing of the kind from a server that does not tell', () => {
    const { trouble: _, ...old } = run
    assert.equal(describeProgress(old as typeof run), 'Import Queued')
    assert.doesNotMatch(describeRun(old as typeof run), /what to do/)
  })
})

describe('what a person reads of a cancelled run', () => {
  it('counts the findings by rule and says where all of them are', () => {
    const byRule = { 'Z-12': { severity: 'block' as const, count: 1 } }
    const text = describeRun(
      runDocument({
        state: 'cancelled',
        statusText: 'Import Refused',
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

  it('counts what it would do, and not what it did', () => {
    const { counts } = runDocument()
    const text = describeRun(runDocument({ test: true, state: 'tested', statusText: 'Test Import Finished', counts }))
    assert.match(text, /read 180 · would create 180 · would update 0 · would deactivate 0 · would reactivate 0/)
    assert.doesNotMatch(text, /created/)
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

describe('what a person reads of one record', () => {
  it('is of one, not of several', () => {
    const alert = { kind: 'notImported', field: 'F-01', code: null, count: 1, rule: 'F-01', new: 1, held: 0 } as const
    const { hold } = heldRun()
    const limits = (hold?.limits ?? []).map((limit) => ({ ...limit, count: 1 }))
    assert.match(
      describeRun(runDocument({ state: 'completedWithAlerts', alerts: [alert] })),
      /alert: 1 student not imported \(F-01\), 1 new and 0 held: correct it at the source/,
    )
    assert.match(describeRun({ ...heldRun(), hold: { limits } }), /the whole district: 1 record would be made inactive/)
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
