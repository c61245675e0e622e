import type { Kysely } from 'kysely'
import { withDistrict, type Database } from '../database.ts'

/**
 * Which of these districts a run, a connection or a duplicate case belongs to, by its id alone. Row-level security shows a session one
 * district at a time, so they are asked one after the other; the answer never changes and may be kept.
 */
export async function findDistrictOf(
  db: Kysely<Database>,
  table: 'importRuns' | 'connections' | 'duplicateCases',
  id: string,
  districtIds: readonly string[],
): Promise<string | undefined> {
  for (const districtId of districtIds) {
    const found = await withDistrict(db, districtId, (trx) =>
      trx.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst(),
    )
    if (found !== undefined) return districtId
  }
  return undefined
}
