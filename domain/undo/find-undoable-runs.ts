/** A run that changed records. `undoOf`: the run it took back, null for an import. */
export type ChangingRun = { readonly id: string; readonly undoOf: string | null }

/**
 * Which of these runs may be undone, given all that changed a data type, in the order in which they did: the last one,
 * and, below what was taken back since, the last import that still stands. So two bad imports can be taken back one
 * after the other, the newer one first, and an undo only as long as nothing came after it.
 */
export function findUndoableRuns(runs: readonly ChangingRun[]): readonly string[] {
  const standing: string[] = []
  const undos = new Set(runs.filter(({ undoOf }) => undoOf !== null).map(({ id }) => id))
  for (const { id, undoOf } of runs) {
    if (standing.at(-1) === undoOf) standing.pop()
    // An undo of an undo brings the import back, and is what has to be undone to take it away again.
    else if (undoOf === null || undos.has(undoOf)) standing.push(id)
  }
  const last = runs.at(-1)?.id
  return [...new Set([last, standing.at(-1)])].filter((id) => id !== undefined)
}
