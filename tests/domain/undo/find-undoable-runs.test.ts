import assert from 'node:assert/strict'
import { findUndoableRuns } from '../../../domain/undo/find-undoable-runs.ts'

/** `B` is an import, `U:B` the run U that takes B back. */
const runs = (...names: string[]) =>
  names.map((name) => {
    const [id = '', undoOf = null] = name.split(':')
    return { id, undoOf }
  })

describe('what can be undone', () => {
  for (const [history, undoable] of [
    [[], []],
    [['A'], ['A']],
    [['A', 'B'], ['B']],
    [['A', 'U:A'], ['U']],
    [
      ['A', 'B', 'U:B'],
      ['U', 'A'],
    ],
    [['A', 'B', 'U:B', 'V:U'], ['V']],
    [
      ['A', 'B', 'U:B', 'V:U', 'W:V'],
      ['W', 'A'],
    ],
    [['A', 'B', 'U:B', 'V:A'], ['V']],
    [['A', 'U:A', 'B'], ['B']],
    [['A', 'U:A', 'V:U', 'W:V', 'X:W'], ['X']],
  ] as const) {
    it(`after ${history.join(', ') || 'nothing'}: ${undoable.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(findUndoableRuns(runs(...history)), undoable)
    })
  }
})
