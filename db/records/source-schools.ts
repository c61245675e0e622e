import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { ConnectionSchools } from '../tables/connections.ts'

export type SourceSchoolRow = Selectable<ConnectionSchools>

/** An org as a source knows it; structurally SourceOrg of connectors/connector.ts. */
export type IncomingOrg = {
  readonly sourceKey: string
  readonly name: string
  readonly type: string
  readonly identifier: string
  readonly ncesId?: string | undefined
  readonly stateId?: string | undefined
  readonly parentSourceKey: string
  readonly isActive: boolean
}

type Shown = {
  readonly districtId: string
  readonly connectionId: string
  readonly runId: string | null
  /** A key given twice keeps the last. */
  readonly orgs: readonly IncomingOrg[]
  /** All that the source has: what is not among them is gone from it. */
  readonly isComplete: boolean
}

/**
 * Writes down the orgs that a source has shown. Where its new schools become ours by themselves, those that nobody has
 * decided about do: under the org of the same key, or as a new one. An org that came from this source and has its key takes
 * over what changed of it; one that an operator matched keeps what it has. Safe to run twice, and beside another run.
 */
export async function noteSourceSchools(trx: Transaction<Database>, shown: Shown): Promise<void> {
  const rows = [...new Map(shown.orgs.map((org) => [org.sourceKey, org])).values()]
  // An input that shows no org at all is of a collection that has none.
  if (rows.length === 0) return
  const { newSchools } = await lockConnection(trx, shown.connectionId)
  await upsertShown(trx, shown, rows)
  if (newSchools === 'create') await createOpen(trx, shown, rows)
  await refreshOwn(trx, shown, rows)
  if (shown.isComplete) await noteGone(trx, shown, rows)
}

/** Held while the schools of a connection change: two at once could give one of ours to two of them. */
export function lockConnection(trx: Transaction<Database>, connectionId: string) {
  return trx
    .selectFrom('connections')
    .select(['newSchools', 'schoolsVersion'])
    .where('id', '=', connectionId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
}

/** By name, and key. */
export function listSourceSchools(trx: Transaction<Database>, connectionId: string): Promise<SourceSchoolRow[]> {
  return trx
    .selectFrom('connectionSchools')
    .selectAll()
    .where('connectionId', '=', connectionId)
    .orderBy('name')
    .orderBy('sourceKey')
    .execute()
}

/** What a reference of the source may point to: its keys with their types. */
export function listSourceOrgs(
  trx: Transaction<Database>,
  connectionId: string,
): Promise<Pick<SourceSchoolRow, 'sourceKey' | 'type'>[]> {
  return trx
    .selectFrom('connectionSchools')
    .select(['sourceKey', 'type'])
    .where('connectionId', '=', connectionId)
    .orderBy('sourceKey')
    .execute()
}

/** Ours that no school of the connection is matched to: its inputs say nothing of who belongs to them. */
export async function listOutsideSchools(
  trx: Transaction<Database>,
  { districtId, connectionId }: { readonly districtId: string; readonly connectionId: string },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from orgs where district_id = ${districtId}
      and id not in (select org_id from connection_schools where connection_id = ${connectionId} and org_id is not null)
    order by id`.execute(trx)
  return rows.map(({ id }) => id)
}

async function upsertShown(
  trx: Transaction<Database>,
  { districtId, connectionId }: Shown,
  rows: readonly IncomingOrg[],
): Promise<void> {
  await sql`
    insert into connection_schools
      (district_id, connection_id, source_key, name, type, identifier, nces_id, state_id, parent_source_key, is_active)
    select ${districtId}::uuid, ${connectionId}::uuid, o.*
    from unnest(
      ${rows.map((org) => org.sourceKey)}::text[], ${rows.map((org) => org.name)}::text[],
      ${rows.map((org) => org.type)}::text[], ${rows.map((org) => org.identifier)}::text[],
      ${rows.map((org) => org.ncesId ?? '')}::text[], ${rows.map((org) => org.stateId ?? '')}::text[],
      ${rows.map((org) => org.parentSourceKey)}::text[], ${rows.map((org) => org.isActive)}::boolean[]
    ) as o
    on conflict (connection_id, source_key) do update
      set name = excluded.name, type = excluded.type, identifier = excluded.identifier, nces_id = excluded.nces_id,
          state_id = excluded.state_id, parent_source_key = excluded.parent_source_key, is_active = excluded.is_active,
          seen_at = now(), gone_since = null`.execute(trx)
}

async function createOpen(
  trx: Transaction<Database>,
  { districtId, connectionId, runId }: Shown,
  rows: readonly IncomingOrg[],
): Promise<void> {
  const shown = sql`c.connection_id = ${connectionId} and c.source_key = any (${rows.map((org) => org.sourceKey)}::text[])
    and c.state = 'open'`
  await sql`
    insert into orgs (district_id, source_key, name, type, identifier, nces_id, state_id, parent_source_key, is_active,
      created_run_id)
    select ${districtId}, c.source_key, c.name, c.type, c.identifier, c.nces_id, c.state_id, c.parent_source_key, c.is_active,
      ${runId}::uuid
    from connection_schools c where ${shown}
    order by c.source_key
    on conflict (district_id, source_key) do nothing`.execute(trx)
  const { rows: matched } = await sql<{ isEarlier: boolean }>`
    update connection_schools c set state = 'matched', org_id = o.id
    from orgs o
    where ${shown} and o.district_id = ${districtId} and o.source_key = c.source_key
      and not exists (select from connection_schools taken where taken.connection_id = c.connection_id and taken.org_id = o.id)
    returning c.first_seen_at < now() as is_earlier`.execute(trx)
  // What was imported while it waited was imported without it.
  if (matched.some(({ isEarlier }) => isEarlier)) await countChange(trx, connectionId)
}

/** From here on the digests of this connection's records no longer say that a row is as it was. */
export async function countChange(trx: Transaction<Database>, connectionId: string): Promise<void> {
  await trx
    .updateTable('connections')
    .set((expression) => ({ schoolsVersion: expression('schoolsVersion', '+', 1) }))
    .where('id', '=', connectionId)
    .execute()
}

/** Unchanged orgs are left untouched, so that a re-sync writes nothing here. */
async function refreshOwn(
  trx: Transaction<Database>,
  { connectionId }: Shown,
  rows: readonly IncomingOrg[],
): Promise<void> {
  await sql`
    update orgs o
    set name = c.name, type = c.type, identifier = c.identifier, nces_id = c.nces_id, state_id = c.state_id,
      parent_source_key = c.parent_source_key, is_active = c.is_active
    from connection_schools c
    where c.connection_id = ${connectionId} and c.org_id = o.id and c.source_key = o.source_key
      and c.source_key = any (${rows.map((org) => org.sourceKey)}::text[])
      and (o.name, o.type, o.identifier, o.nces_id, o.state_id, o.parent_source_key, o.is_active)
        is distinct from (c.name, c.type, c.identifier, c.nces_id, c.state_id, c.parent_source_key, c.is_active)
  `.execute(trx)
}

async function noteGone(
  trx: Transaction<Database>,
  { connectionId }: Shown,
  rows: readonly IncomingOrg[],
): Promise<void> {
  await trx
    .updateTable('connectionSchools')
    .set({ goneSince: sql`now()` })
    .where('connectionId', '=', connectionId)
    .where('goneSince', 'is', null)
    .where(sql<boolean>`source_key <> all (${rows.map((org) => org.sourceKey)}::text[])`)
    .execute()
}
