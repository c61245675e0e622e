import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'

/**
 * The academic year that the records of a data type are of: that of the last run of the connection which changed them.
 * Undefined before the first.
 */
export async function findAcademicYear(
  trx: Transaction<Database>,
  source: { readonly districtId: string; readonly connectionId: string; readonly dataType: string },
): Promise<number | undefined> {
  const run = await trx
    .selectFrom('importRuns')
    .select('academicYear')
    .where('districtId', '=', source.districtId)
    .where('dataType', '=', source.dataType)
    .where('connectionId', '=', source.connectionId)
    .where('appliedVersion', 'is not', null)
    .where('academicYear', 'is not', null)
    .orderBy('appliedVersion', 'desc')
    .limit(1)
    .executeTakeFirst()
  return run?.academicYear ?? undefined
}
