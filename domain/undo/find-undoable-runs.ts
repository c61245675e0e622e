/** A run that changed records. `undoOf`: the run it took back, null for an import. */
export type ChangingRun = { readonly id: string; readonly undoOf: string | null }

/**
 * What is left of the runs from this one on, given all that changed a data type in the order in which they did: an undo
 * goes, with the run it took back. An undo of something older stays, for it has to be undone first.
 */
function listLeftSince(runs: readonly ChangingRun[], runId: string): readonly string[] {
  const left: string[] = []
  for (const { id, undoOf } of runs.slice(runs.findIndex((run) => run.id === runId))) {
    if (left.at(-1) === undoOf) left.pop()
    else left.push(id)
  }
  return left
}

/**
 * Which of these runs may be undone by themselves, the newest first: those since which all that was done was taken back.
 * So two bad imports can be taken back one after the other, the newer one first, and brought back in the other order.
 */
export function findUndoableRuns(runs: readonly ChangingRun[]): readonly string[] {
  return runs
    .map(({ id }) => id)
    .filter((id) => findRunsThrough(runs, id)?.length === 1)
    .reverse()
}

/**
 * The runs to undo, the newest first, so that this one is taken back with everything since; itself alone where it may be
 * undone as it is. Undefined when it changed nothing, or was taken back.
 */
export function findRunsThrough(runs: readonly ChangingRun[], runId: string): readonly string[] | undefined {
  const left = listLeftSince(runs, runId)
  return left[0] === runId ? left.toReversed() : undefined
}
