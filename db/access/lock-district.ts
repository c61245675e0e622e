import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

/** Until the transaction ends, nobody else who asks changes the configuration of this district. */
export async function lockDistrict(trx: Transaction<Database>, districtId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`configure:${districtId}`}, 0))`.execute(trx)
}
