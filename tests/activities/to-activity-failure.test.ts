import assert from 'node:assert/strict'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { toActivityFailure } from '../../activities/to-activity-failure.ts'
import { RollbookFailure } from '../../domain/errors.ts'

function translate(
  error: unknown,
  attempt = 1,
): { code: string | null | undefined; isFinal: boolean; message: string } {
  const failure = toActivityFailure(error, attempt)
  assert.ok(failure instanceof ApplicationFailure)
  return { code: failure.type, isFinal: failure.nonRetryable === true, message: failure.message }
}

function databaseError(message: string, code: string): Error {
  return Object.assign(new Error(message), { code, detail: 'Key (given_name)=(Ada) exists.' })
}

describe('a failure that was foreseen', () => {
  it('is final when trying again cannot help', () => {
    const { code, isFinal } = translate(new RollbookFailure('INPUT_MISSING'))
    assert.deepEqual([code, isFinal], ['INPUT_MISSING', true])
  })

  it('is tried again for ever when the source is busy', () => {
    const { code, isFinal } = translate(new RollbookFailure('SOURCE_UNAVAILABLE'), 500)
    assert.deepEqual([code, isFinal], ['SOURCE_UNAVAILABLE', false])
  })
})

describe('a database that is away', () => {
  const away: readonly Error[] = [
    databaseError('terminating connection due to administrator command', '57P01'),
    databaseError('the database system is starting up', '57P03'),
    databaseError('connection failure', '08006'),
    databaseError('too many connections', '53300'),
    databaseError('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new AggregateError([databaseError('connect ECONNREFUSED ::1:5432', 'ECONNREFUSED')]),
    new Error('query failed', { cause: databaseError('deadlock detected', '40P01') }),
  ]
  for (const error of away) {
    it(`is waited for: ${error.message === '' ? 'several addresses' : error.message}`, () => {
      const { code, isFinal } = translate(error, 500)
      assert.deepEqual([code, isFinal], ['DATABASE_UNAVAILABLE', false])
    })
  }

  it('is waited for when its disk is full, under a name of its own', () => {
    const { code, isFinal } = translate(databaseError('could not extend file: No space left on device', '53100'), 500)
    assert.deepEqual([code, isFinal], ['DISK_FULL', false])
  })
})

describe('a failure that nobody foresaw', () => {
  const error = databaseError('invalid input syntax for type date: "Ada Lovelace"', '22P02')

  it('is tried a few times and then is final', () => {
    assert.equal(translate(error, 1).isFinal, false)
    assert.deepEqual([translate(error, 8).code, translate(error, 8).isFinal], ['INTERNAL_ERROR', true])
  })

  it('says its code and nothing of what PostgreSQL quoted', () => {
    const { message } = translate(error)
    assert.match(message, /22P02/)
    assert.doesNotMatch(message, /Ada/)
    assert.equal(toActivityFailure(error, 1).cause, undefined)
  })

  it('may be something thrown that is no error', () => {
    assert.equal(translate('Ada').message.includes('Ada'), false)
  })
})

describe('a step that was told to stop', () => {
  it('is tried again when nobody cancelled the run', () => {
    assert.equal(translate(new CancelledFailure('WORKER_SHUTDOWN')).isFinal, false)
  })
})
