import { sql, type Transaction } from 'kysely'
import type { ChangingRun } from '../../domain/undo/find-undoable-runs.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import { findUndoChain } from '../import/find-undo-chain.ts'

/**
 * The runs that changed the records from the beginning of this one's chain on, in the order in which they did. An undo is
 * one of them although all was changed since and it left everything: its run cannot be undone again, and stands in
 * nobody's way. One that is under way or was stopped is not: it goes on when it is asked for again. What a field import
 * changed is a person's edit to all others, and theirs is nothing to it.
 */
export async function listChangingRuns(trx: Transaction<Database>, run: RunRow): Promise<ChangingRun[]> {
  const { root } = await findUndoChain(trx, run)
  const { rows } = await sql<ChangingRun>`
    select run.id, run.undo_of from import_runs run
    where run.district_id = ${root.districtId} and run.data_type = ${root.dataType} and not run.is_test
      and run.is_field_import = ${root.isFieldImport}
      and run.applied_version >= ${root.appliedVersion ?? 0}
      and not (run.undo_of is not null and run.state in ('applying', 'cancelled'))
      and (
        run.undo_of is not null
        or exists (
          select from applied_batches b, jsonb_each_text(b.counts) c
          where b.run_id = run.id and c.key <> 'unchanged' and c.value <> '0'
        )
      )
    order by run.applied_version`.execute(trx)
  return rows
}
