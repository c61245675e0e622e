import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { SourceSchoolState } from '../tables/connections.ts'
import { countChange, lockConnection, type SourceSchoolRow } from './source-schools.ts'

export type SchoolChange =
  | { readonly action: 'match'; readonly sourceKey: string; readonly schoolId: string }
  | { readonly action: 'create' | 'leaveOut' | 'unmatch'; readonly sourceKey: string }

/** Why the changes cannot be made: all of them or none. */
export type SchoolObstacle =
  | { readonly kind: 'namedTwice' | 'notShown'; readonly sourceKey: string }
  | { readonly kind: 'notOurs'; readonly schoolId: string }
  /** `by` is the school of the source that has it, or that is to have it too. */
  | { readonly kind: 'taken'; readonly schoolId: string; readonly sourceKey: string; readonly by: string }
  /** One of ours has the key already: it would have to be matched. */
  | { readonly kind: 'keyIsHeld'; readonly sourceKey: string; readonly schoolId: string }

type Request = {
  readonly districtId: string
  readonly connectionId: string
  readonly by: string
  readonly changes: readonly SchoolChange[]
}

type Wanted = { readonly sourceKey: string; readonly state: SourceSchoolState; readonly orgId: string | null }

/**
 * Matches, creates, leaves out and takes matches back, in one: two schools may exchange ours. What is so already is no
 * change. Returns how many changed, or what is in the way: then the caller's transaction must be rolled back.
 */
export async function changeSchools(trx: Transaction<Database>, request: Request): Promise<number | SchoolObstacle> {
  const { connectionId, changes, by } = request
  await lockConnection(trx, connectionId)
  const rows = await trx
    .selectFrom('connectionSchools')
    .selectAll()
    .where('connectionId', '=', connectionId)
    .orderBy('sourceKey')
    .execute()
  const held = new Map(rows.map((row) => [row.sourceKey, row]))
  const named = new Set<string>()
  const wanted: Wanted[] = []
  for (const change of changes) {
    const row = held.get(change.sourceKey)
    if (row === undefined) return { kind: 'notShown', sourceKey: change.sourceKey }
    if (named.has(change.sourceKey)) return { kind: 'namedTwice', sourceKey: change.sourceKey }
    named.add(change.sourceKey)
    const found = await decide(trx, request, change, row)
    if ('kind' in found) return found
    if (found.state !== row.state || found.orgId !== row.orgId) wanted.push(found)
  }
  const taken = findTaken(rows, wanted)
  if (taken !== undefined) return taken
  if (wanted.length === 0) return 0
  const keys = wanted.map(({ sourceKey }) => sourceKey)
  // Free first, so that two may exchange theirs: the index looks at every row by itself.
  await trx
    .updateTable('connectionSchools')
    .set({ state: 'unmatched', orgId: null })
    .where('connectionId', '=', connectionId)
    .where('sourceKey', 'in', keys)
    .execute()
  await sql`
    update connection_schools c set state = w.state, org_id = w.org_id, decided_by = ${by}, decided_at = now()
    from unnest(${keys}::text[], ${wanted.map(({ state }) => state)}::text[], ${wanted.map(({ orgId }) => orgId)}::uuid[])
      as w (source_key, state, org_id)
    where c.connection_id = ${connectionId} and c.source_key = w.source_key`.execute(trx)
  await countChange(trx, connectionId)
  return wanted.length
}

async function decide(
  trx: Transaction<Database>,
  { districtId }: Request,
  change: SchoolChange,
  row: SourceSchoolRow,
): Promise<Wanted | SchoolObstacle> {
  const { sourceKey } = change
  switch (change.action) {
    case 'leaveOut':
      return { sourceKey, state: 'leftOut', orgId: null }
    case 'unmatch':
      return { sourceKey, state: 'unmatched', orgId: null }
    case 'create':
      return row.orgId === null ? create(trx, districtId, row) : { sourceKey, state: 'matched', orgId: row.orgId }
    case 'match': {
      const org = await trx
        .selectFrom('orgs')
        .select('id')
        .where('districtId', '=', districtId)
        .where('id', '=', change.schoolId)
        .executeTakeFirst()
      if (org === undefined) return { kind: 'notOurs', schoolId: change.schoolId }
      return { sourceKey, state: 'matched', orgId: org.id }
    }
  }
}

async function create(
  trx: Transaction<Database>,
  districtId: string,
  row: SourceSchoolRow,
): Promise<Wanted | SchoolObstacle> {
  const { sourceKey, name, type, identifier, ncesId, stateId, parentSourceKey, isActive } = row
  const values = { sourceKey, name, type, identifier, ncesId, stateId, parentSourceKey, isActive }
  const created = await trx
    .insertInto('orgs')
    .values({ districtId, ...values, createdRunId: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (created !== undefined) return { sourceKey, state: 'matched', orgId: created.id }
  const { id } = await trx
    .selectFrom('orgs')
    .select('id')
    .where('districtId', '=', districtId)
    .where('sourceKey', '=', sourceKey)
    .executeTakeFirstOrThrow()
  return { kind: 'keyIsHeld', sourceKey, schoolId: id }
}

function findTaken(rows: readonly SourceSchoolRow[], wanted: readonly Wanted[]): SchoolObstacle | undefined {
  const changed = new Set(wanted.map(({ sourceKey }) => sourceKey))
  const takers = new Map<string, string>()
  for (const { sourceKey, orgId } of rows) if (orgId !== null && !changed.has(sourceKey)) takers.set(orgId, sourceKey)
  for (const { sourceKey, orgId } of wanted) {
    if (orgId === null) continue
    const by = takers.get(orgId)
    if (by !== undefined) return { kind: 'taken', schoolId: orgId, sourceKey, by }
    takers.set(orgId, sourceKey)
  }
  return undefined
}

/** What becomes of schools that the source shows for the first time, and of those that still wait for a decision. */
export async function setNewSchools(
  trx: Transaction<Database>,
  connectionId: string,
  newSchools: 'create' | 'ask',
): Promise<void> {
  await trx.updateTable('connections').set({ newSchools }).where('id', '=', connectionId).execute()
}
