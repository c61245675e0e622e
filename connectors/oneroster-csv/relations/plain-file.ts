import { findFileDefinition } from '../../kit/one-roster/format/files.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { FileCheck, FileRows } from './file-rows.ts'
import { ReferenceColumn } from './reference-column.ts'

/** The reference columns of a file but those named, by name. */
export function buildReferences(rows: FileRows, but: readonly string[] = []): ReadonlyMap<string, ReferenceColumn> {
  const columns = findFileDefinition(rows.context.version, rows.name)?.columns ?? []
  const references = new Map<string, ReferenceColumn>()
  for (const column of columns) {
    if (column.target === undefined || but.includes(column.name)) continue
    references.set(column.name, new ReferenceColumn(rows, column, column.target))
  }
  return references
}

/**
 * The check of a file whose references go to files read before. `look` sees every row that is not withdrawn, after
 * its references, and says whether it stays; `isUsable` tells it whether the row's facts may be kept.
 */
export function buildFileCheck(
  rows: FileRows,
  references: Iterable<ReferenceColumn>,
  look?: (row: RowView, isUsable: boolean) => boolean,
  end: () => void = () => undefined,
): FileCheck {
  const columns = [...references]
  const count = columns.length

  function checkReferences(row: RowView): boolean {
    let isKept = true
    for (let index = 0; index < count; index++) {
      const column = columns[index] as ReferenceColumn // inside the array
      if (!column.check(row)) isKept = false
    }
    return isKept
  }

  return {
    rows,
    row(row, isRejected) {
      for (let index = 0; index < count; index++) {
        const column = columns[index] as ReferenceColumn // inside the array
        column.prepare(row)
      }
      // Of a part only its references are new; what it says otherwise the first row has said.
      if (!rows.register(row, isRejected)) return rows.isPart && (rows.isWithdrawn || checkReferences(row))
      if (rows.isWithdrawn) return true
      let isKept = checkReferences(row)
      if (look !== undefined && !look(row, isKept && !isRejected)) isKept = false
      return isKept || rows.reject()
    },
    end,
  }
}
