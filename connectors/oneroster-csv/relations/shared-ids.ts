import { IdState } from '../index/id-table.ts'
import { sharedIds } from '../rules/reference/unique-ids.ts'
import { severityOf } from '../../../domain/import-rules/rule.ts'
import type { RelationContext } from './relation-context.ts'

/** R-03, for each two files of the package; one finding names the later of them. */
export function finishSharedIds(context: RelationContext): void {
  const severity = severityOf(sharedIds, context.profile)
  if (severity === undefined) return
  const tables = context.listTables().filter(([file, table]) => context.fileNames.has(file) && table.size > 0)
  for (const [index, [file, table]] of tables.entries()) {
    for (const [otherFile, otherTable] of tables.slice(0, index)) {
      // Asked before counting: counting looks up every id.
      if (sharedIds.check(file, otherFile, 1) === undefined) continue
      const problem = sharedIds.check(file, otherFile, table.countShared(otherTable, IdState.present))
      if (problem === undefined) continue
      const fileName = context.fileNames.get(file) ?? file
      context.sink({
        rule: sharedIds.id,
        severity,
        file: /\.csv$/i.test(fileName) ? fileName : `${fileName}.csv`,
        message: problem.message,
      })
    }
  }
}
