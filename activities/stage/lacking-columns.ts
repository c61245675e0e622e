import type { MissingColumn } from '../../connectors/connector.ts'
import type { Finding } from '../../domain/import-rules/finding.ts'
import type { MappedColumn } from '../../domain/mapping/source-columns.ts'

/** A column that somebody mapped and the input does not have; `reason` as a clause about the input. */
export type LackingColumn = { readonly finding: Finding; readonly reason: string }

/** Those of `chosen` that are missing, in their order. Columns and fields are named, which are of the configuration and of nobody. */
export function findLackingColumns(
  chosen: readonly MappedColumn[],
  missing: readonly MissingColumn[],
): readonly LackingColumn[] {
  return chosen.flatMap(({ field, collection, column }) => {
    const found = missing.find((one) => one.collection === collection && one.column === column)
    if (found === undefined) return []
    const { file } = found
    const message = `${field} is mapped to this column, and the input does not have it; nothing is imported. Send the column, or map ${field} to another one.`
    return [
      {
        finding: { rule: 'I-23', severity: 'block', file, column, message },
        reason: `${file} has no column ${column}, which is mapped to ${field}`,
      },
    ]
  })
}
