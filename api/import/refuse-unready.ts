import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { listMissingPrerequisites } from '../../db/import/list-missing-prerequisites.ts'
import { Refusal } from '../failures.ts'

/**
 * Throws a Refusal for a data type that refers to records of others, of which no import was ever completed. A test import
 * changes nothing, and may look.
 */
export async function refuseUnready(
  trx: Transaction<Database>,
  wanted: { readonly districtId: string; readonly dataType: string; readonly isTest: boolean },
): Promise<void> {
  if (wanted.isTest) return
  const missing = await listMissingPrerequisites(trx, wanted)
  if (missing.length === 0) return
  throw new Refusal(
    'PREREQUISITE_MISSING',
    `${wanted.dataType} needs ${missing.join(' and ')}, of which no import was ever completed. Import ${missing.length === 1 ? 'that' : 'those'} first, or all with --data-type all.`,
  )
}
