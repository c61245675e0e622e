import { sql, type Kysely } from 'kysely'
import type { Database } from '../database.ts'

export type FoundId = { readonly id: string; readonly districtId: string }

/** Ids that begin so, in these districts alone; at most `limit` of each. One statement, however many districts there are. */
export async function findByPrefix(
  db: Kysely<Database>,
  wanted: {
    readonly kind: 'run' | 'case'
    /** Hexadecimal digits, hyphens where they belong or none. */
    readonly prefix: string
    readonly districtIds: readonly string[]
    readonly limit: number
  },
): Promise<FoundId[]> {
  const digits = wanted.prefix.replaceAll('-', '')
  const [lowest, highest] = [digits.padEnd(32, '0'), digits.padEnd(32, 'f')]
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<FoundId>`
      select id, district_id from find_by_id_range(
        ${wanted.kind}, ${lowest}::uuid, ${highest}::uuid, ${[...wanted.districtIds]}::uuid[], ${wanted.limit}::int)
      order by id limit ${wanted.limit}`.execute(trx)
    return rows
  })
}
