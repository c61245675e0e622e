import assert from 'node:assert/strict'
import { ChoiceCheck } from '../../../activities/stage/choice-check.ts'

function isBrokenBy(values: readonly string[]): boolean {
  const check = new ChoiceCheck()
  for (const value of values) check.add(value)
  return check.isBroken()
}

describe('a column tried as the id of records', () => {
  it('can be one when every record fills it and no two share a value', () => {
    assert.equal(isBrokenBy(Array.from({ length: 300_000 }, (_, number) => `id-${String(number)}`)), false)
  })

  it('cannot be one when a record leaves it blank', () => {
    assert.equal(isBrokenBy(['a', '', 'b']), true)
  })

  it('cannot be one when two records share a value, however far apart', () => {
    const many = Array.from({ length: 200_000 }, (_, number) => `id-${String(number)}`)
    assert.equal(isBrokenBy([...many, 'id-3']), true)
  })
})
