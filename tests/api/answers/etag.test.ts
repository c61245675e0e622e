import assert from 'node:assert/strict'
import { deriveETag, requireMatch } from '../../../api/answers/etag.ts'
import { ChangedRefusal, Refusal } from '../../../api/failures.ts'

const read = { recipients: ['a@example.org'], days: [3, 10], settings: { one: 1, two: { b: 1, a: 2 } } }

describe('the ETag of a document', () => {
  it('is the same whatever the order of fields, and another one for another value', () => {
    const turned = { settings: { two: { a: 2, b: 1 }, one: 1 }, days: [3, 10], recipients: ['a@example.org'] }
    assert.equal(deriveETag(turned), deriveETag(read))
    assert.notEqual(deriveETag({ ...read, days: [10, 3] }), deriveETag(read))
    assert.notEqual(deriveETag({ ...read, days: undefined }), deriveETag(read))
  })

  it('is well formed, and shows no value', () => {
    assert.match(deriveETag(read), /^"[!#-~]*"$/)
    assert.equal(deriveETag(read).includes('example'), false)
  })
})

describe('a change', () => {
  it('is taken of what is as it was read, of whatever is there, or without a word of it', () => {
    for (const ifMatch of [deriveETag(read), `"other", ${deriveETag(read)}`, '*', undefined])
      requireMatch(ifMatch, read)
  })

  it('is refused with the fields that changed since', () => {
    const now = { ...read, days: [5], settings: { one: 2 } }
    assert.throws(
      () => {
        requireMatch(deriveETag(read), now)
      },
      (error) => error instanceof ChangedRefusal && error.changed.join() === 'days,settings',
    )
  })

  it('is refused for an ETag of something else, of which nothing is repeated', () => {
    assert.throws(
      () => {
        requireMatch('"made:up"', read)
      },
      (error) => error instanceof ChangedRefusal && !error.message.includes('made'),
    )
  })

  it('is refused where nothing is there any more, even for whatever is there', () => {
    for (const ifMatch of ['*', deriveETag(read)]) {
      assert.throws(() => {
        requireMatch(ifMatch, undefined)
      }, ChangedRefusal)
    }
  })

  it('is refused without a condition where one is asked for', () => {
    assert.throws(
      () => {
        requireMatch(undefined, read, { isRequired: true })
      },
      (error) => error instanceof Refusal && error.code === 'CONDITION_MISSING',
    )
  })
})
