import assert from 'node:assert/strict'
import { findRunsThrough, findUndoableRuns } from '../../../domain/undo/find-undoable-runs.ts'

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
    // What came after an undo was taken back: it can be undone again.
    [
      ['A', 'U:A', 'B', 'V:B'],
      ['V', 'U'],
    ],
    [
      ['A', 'B', 'U:B', 'V:A', 'W:V'],
      ['W', 'U'],
    ],
    [['A', 'B', 'U:B', 'V:A', 'W:V', 'X:U'], ['X']],
  ] as const) {
    it(`after ${history.join(', ') || 'nothing'}: ${undoable.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(findUndoableRuns(runs(...history)), undoable)
    })
  }
})

describe('what has to be undone so that a run is taken back with everything since', () => {
  for (const [history, run, through] of [
    [['A'], 'A', ['A']],
    [['A', 'B', 'C'], 'A', ['C', 'B', 'A']],
    [['A', 'B', 'U:B', 'C'], 'A', ['C', 'A']],
    [['A', 'B', 'U:B', 'V:U'], 'A', ['V', 'A']],
    [['A', 'B', 'U:B', 'V:A'], 'U', ['V', 'U']],
    [['A', 'U:A', 'B'], 'U', ['B', 'U']],
    [['A', 'B', 'U:B'], 'B', undefined],
    [['A'], 'idle', undefined],
  ] as const) {
    it(`${run} after ${history.join(', ')}: ${through?.join(', ') ?? 'nothing'}`, () => {
      assert.deepEqual(findRunsThrough(runs(...history), run), through)
    })
  }
})
