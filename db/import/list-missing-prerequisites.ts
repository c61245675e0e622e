import { sql, type Transaction } from 'kysely'
import { getDataType, prerequisitesOf } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'

/**
 * The data types that this one needs, and of which no import was ever completed in the district: whatever refers to their
 * records would lead nowhere. One that was taken back since was completed once.
 */
export async function listMissingPrerequisites(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType: string },
): Promise<readonly string[]> {
  const needed = prerequisitesOf(getDataType(dataType))
  if (needed.length === 0) return []
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${[...needed]}::text[]) with ordinality needed (name, place)
    where not exists (
      select from import_runs run where run.district_id = ${districtId} and run.data_type = name
        and run.state in ('completed', 'completedWithAlerts', 'unchanged', 'undone', 'partlyUndone')
        and not run.is_test and run.undo_of is null and not run.is_resolution
    )
    order by place`.execute(trx)
  return rows.map(({ name }) => name)
}
