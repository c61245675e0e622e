/** An incoming record whose keys lead to these held ones: each key with its record, in the order of the keys. */
export type ConflictRow = {
  readonly seq: number
  readonly known: readonly { readonly field: string; readonly recordId: string }[]
}

/**
 * Puts together what has to be decided together: rows that each lead to two records, and share one. Two pupils whose
 * numbers were exchanged are one group, and so is a class whose numbers all moved to the next. Rows that claim one and
 * the same record are no exchange and stay apart. Groups and their rows keep the order of the rows.
 */
export function groupConflicts<Row extends ConflictRow>(rows: readonly Row[]): Row[][] {
  const parents = rows.map((_, index) => index)
  const findRoot = (index: number): number => {
    let root = index
    while (parents[root] !== root) root = parents[root] = parents[parents[root] ?? root] ?? root
    return root
  }
  const firstRowOf = new Map<string, number>()
  rows.forEach(({ known }, index) => {
    const records = new Set(known.map(({ recordId }) => recordId))
    if (records.size < 2) return
    for (const recordId of records) {
      const first = firstRowOf.get(recordId)
      if (first === undefined) firstRowOf.set(recordId, index)
      else parents[findRoot(index)] = findRoot(first)
    }
  })
  const groups = new Map<number, Row[]>()
  rows.forEach((row, index) => {
    const root = findRoot(index)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [row])
    else group.push(row)
  })
  return [...groups.values()]
}
