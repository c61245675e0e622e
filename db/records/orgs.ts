import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Orgs } from '../tables/connections.ts'

export type OrgRow = Selectable<Orgs>

/** An org as a source knows it; structurally SourceOrg of connectors/connector.ts. */
export type IncomingOrg = {
  readonly sourceKey: string
  readonly name: string
  readonly type: string
  readonly identifier: string
  readonly parentSourceKey: string
  readonly isActive: boolean
}

/**
 * Inserts orgs that are not held and takes over what changed of those that are; a key given twice keeps the last.
 * Returns the id of each by source key. Orgs that are not named are left alone.
 */
export async function upsertOrgs(
  trx: Transaction<Database>,
  {
    districtId,
    runId,
    orgs,
  }: { readonly districtId: string; readonly runId: string | null; readonly orgs: readonly IncomingOrg[] },
): Promise<Map<string, string>> {
  const rows = [...new Map(orgs.map((org) => [org.sourceKey, org])).values()]
  // Unchanged orgs are left untouched, so that a re-sync writes nothing here.
  await sql`
    insert into orgs as held
      (district_id, source_key, name, type, identifier, parent_source_key, is_active, created_run_id)
    select ${districtId}::uuid, o.source_key, o.name, o.type, o.identifier, o.parent_source_key, o.is_active, ${runId}::uuid
    from unnest(
      ${rows.map((org) => org.sourceKey)}::text[], ${rows.map((org) => org.name)}::text[],
      ${rows.map((org) => org.type)}::text[], ${rows.map((org) => org.identifier)}::text[],
      ${rows.map((org) => org.parentSourceKey)}::text[], ${rows.map((org) => org.isActive)}::boolean[]
    ) as o (source_key, name, type, identifier, parent_source_key, is_active)
    on conflict (district_id, source_key) do update
      set name = excluded.name, type = excluded.type, identifier = excluded.identifier,
          parent_source_key = excluded.parent_source_key, is_active = excluded.is_active
      where (held.name, held.type, held.identifier, held.parent_source_key, held.is_active)
        is distinct from (excluded.name, excluded.type, excluded.identifier, excluded.parent_source_key, excluded.is_active)
  `.execute(trx)
  return listOrgIds(trx, districtId)
}

/** Source key → id of every org of the district. */
async function listOrgIds(trx: Transaction<Database>, districtId: string): Promise<Map<string, string>> {
  const rows = await trx.selectFrom('orgs').select(['sourceKey', 'id']).where('districtId', '=', districtId).execute()
  return new Map(rows.map(({ sourceKey, id }) => [sourceKey, id]))
}

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
