import { sql, type Transaction } from 'kysely'
import { getDataType, prerequisitesOf } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'

type District = { readonly districtId: string }

/**
 * The data types that this one needs, and of which no import was ever completed in the district: whatever refers to their
 * records would lead nowhere. One that was taken back since was completed once.
 */
export function listMissingPrerequisites(
  trx: Transaction<Database>,
  { districtId, dataType }: District & { readonly dataType: string },
): Promise<readonly string[]> {
  return listNeverCompleted(trx, { districtId, dataTypes: prerequisitesOf(getDataType(dataType)) })
}

/**
 * As listMissingPrerequisites, for data types that are imported one after the other: what keeps every one of them from
 * beginning. None as soon as one can begin.
 */
export async function listMissingForAll(
  trx: Transaction<Database>,
  { districtId, dataTypes }: District & { readonly dataTypes: readonly string[] },
): Promise<readonly string[]> {
  const needs = dataTypes.map((name) => prerequisitesOf(getDataType(name)))
  const missing = await listNeverCompleted(trx, { districtId, dataTypes: [...new Set(needs.flat())] })
  const canBegin = needs.some((needed) => !needed.some((name) => missing.includes(name)))
  return canBegin ? [] : missing.filter((name) => !dataTypes.includes(name))
}

async function listNeverCompleted(
  trx: Transaction<Database>,
  { districtId, dataTypes }: District & { readonly dataTypes: readonly string[] },
): Promise<readonly string[]> {
  if (dataTypes.length === 0) return []
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${[...dataTypes]}::text[]) with ordinality needed (name, place)
    where not exists (
      select from import_runs run where run.district_id = ${districtId} and run.data_type = name
        and run.state in ('completed', 'completedWithAlerts', 'unchanged', 'undone', 'partlyUndone')
        and not run.is_test and run.undo_of is null and not run.is_resolution and not run.is_field_import
    )
    order by place`.execute(trx)
  return rows.map(({ name }) => name)
}
