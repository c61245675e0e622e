import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { failureStatus, Refusal, refusals } from '../../api/failures.ts'
import { toProblem } from '../../api/answers/to-problem.ts'
import { failures, RollbookFailure } from '../../domain/errors.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'reference', 'failures.md'), 'utf8')
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|(?: (retry|stop) \|)?/gm)].map(([, code, status, then]) => ({
  code,
  status: Number(status),
  then,
}))

describe('docs/reference/failures.md', () => {
  it('lists the failures of the pipeline with their status and what happens next, and no others', () => {
    const expected = Object.entries(failures).map(([code, { action }]) => ({
      code,
      // Every code of the table has a status; the compiler checks it.
      status: failureStatus[code as keyof typeof failureStatus],
      then: action === 'retry' ? 'retry' : 'stop',
    }))
    assert.deepEqual(rows.filter(({ then }) => then !== undefined).sort(byCode), expected.sort(byCode))
  })

  it("lists the API's own refusals with their status, and no others", () => {
    const expected = Object.entries(refusals).map(([code, { status }]) => ({ code, status, then: undefined }))
    assert.deepEqual(rows.filter(({ then }) => then === undefined).sort(byCode), expected.sort(byCode))
  })
})

describe('a failure as HTTP', () => {
  it('keeps its code', () => {
    const problem = toProblem(new RollbookFailure('INPUT_MISSING'), 'request-1')
    assert.deepEqual([problem.status, problem.code, problem.requestId], [410, 'INPUT_MISSING', 'request-1'])
    assert.equal(toProblem(new Refusal('CONFLICT', 'It is there.'), 'r').detail, 'It is there.')
  })

  it('says nothing of what a defect was about', () => {
    const problem = toProblem(new Error('duplicate key (sis_id)=(S-1234)'), 'request-1')
    assert.equal(problem.status, 500)
    assert.equal(JSON.stringify(problem).includes('S-1234'), false)
    assert.match(problem.detail, /request-1/)
  })

  it('tells a database that is away, or full, from a defect', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    assert.equal(toProblem(refused, 'r').code, 'DATABASE_UNAVAILABLE')
    // What a connection says that is used once more after it broke.
    const broken = new Error('Client has encountered a connection error and is not queryable')
    assert.equal(toProblem(broken, 'r').status, 503)
    assert.equal(toProblem(Object.assign(new Error('no space'), { code: '53100' }), 'r').code, 'DISK_FULL')
  })
})

function byCode(one: { code: string | undefined }, other: { code: string | undefined }): number {
  return (one.code ?? '').localeCompare(other.code ?? '')
}
