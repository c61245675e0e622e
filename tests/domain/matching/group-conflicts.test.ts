import assert from 'node:assert/strict'
import { groupConflicts } from '../../../domain/matching/group-conflicts.ts'

/** Rows by the records that their keys lead to; groups as the places of their rows. */
const group = (...rows: readonly string[]) =>
  groupConflicts(
    rows.map((records, seq) => ({
      seq,
      known: records.split(' ').map((recordId, at) => ({ field: at === 0 ? 'sisId' : 'sourceKey', recordId })),
    })),
  ).map((group) => group.map(({ seq }) => seq).join(' '))

describe('rows whose ids lead to different records', () => {
  it('are decided together where they share a record of two', () => {
    assert.deepEqual(group('a b', 'b a'), ['0 1'])
    assert.deepEqual(group('a b', 'c d'), ['0', '1'])
  })

  it('are one group however long the chain is, and in whatever order it closes', () => {
    assert.deepEqual(group('a b', 'b c', 'c d', 'd a'), ['0 1 2 3'])
    assert.deepEqual(group('a b', 'c d', 'e f', 'd e', 'x y', 'f a'), ['0 1 2 3 5', '4'])
    assert.deepEqual(group('a b', 'c d', 'e f', 'g h', 'h e', 'd a', 'f c'), ['0 1 2 3 4 5 6'])
  })

  it('stay apart where they claim one and the same record, which is no exchange', () => {
    assert.deepEqual(group('a', 'a', 'a a', 'a b', 'b'), ['0', '1', '2', '3', '4'])
  })
})
