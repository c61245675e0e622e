import type { Selectable, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Orgs } from '../tables/connections.ts'

export type OrgRow = Selectable<Orgs>

/** By source key. */
export function listOrgs(trx: Transaction<Database>, districtId: string): Promise<OrgRow[]> {
  return trx.selectFrom('orgs').selectAll().where('districtId', '=', districtId).orderBy('sourceKey').execute()
}

/** Names and source keys for ids that a plan or a hold mentions. */
export async function findOrgs(
  trx: Transaction<Database>,
  districtId: string,
  ids: readonly string[],
): Promise<Map<string, Pick<OrgRow, 'id' | 'name' | 'sourceKey'>>> {
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('orgs')
    .select(['id', 'name', 'sourceKey'])
    .where('districtId', '=', districtId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
