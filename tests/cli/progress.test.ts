import assert from 'node:assert/strict'
import { createPlainLines, describeProgress, withRowRate } from '../../cli/progress.ts'
import { runDocument } from './stand-in-server.ts'

const progress = {
  stage: 'stage',
  rows: 250_000,
  totalRows: null,
  bytes: 25,
  totalBytes: 100,
  rowsPerSecond: 50_000,
  updatedAt: null,
}

describe('progress without a terminal', () => {
  it('tells stage, rows, rows a second and what is left', () => {
    const run = runDocument({ state: 'validating', statusText: 'Import Validation in Progress', progress })
    assert.equal(
      describeProgress(run),
      'Import Validation in Progress: stage, 250,000 rows, 50,000 rows/s, about 15 s left in this stage',
    )
  })

  it('is silent for a short run and prints a line every few seconds for a long one', () => {
    const lines: string[] = []
    let clockMs = 0
    const reporter = createPlainLines(
      (text) => lines.push(text),
      () => clockMs,
    )
    for (let second = 0; second <= 9; second++) {
      clockMs = second * 1000
      reporter.report(runDocument({ state: 'validating', progress: { ...progress, rows: second * 1000 } }))
    }
    assert.equal(lines.length, 3)
  })

  it('works out rows a second where a stage does not say them', () => {
    const rates: (number | null | undefined)[] = []
    let clockMs = 0
    const reporter = withRowRate(
      { report: (run) => rates.push(run.progress?.rowsPerSecond), note: () => undefined, end: () => undefined },
      () => clockMs,
    )
    for (const [at, rows] of [1000, 3000, 5000].entries()) {
      clockMs = at * 1000
      reporter.report(runDocument({ state: 'applying', progress: { ...progress, rows, rowsPerSecond: null } }))
    }
    assert.deepEqual(rates, [null, 2000, 2000])
  })
})
