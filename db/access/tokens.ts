import { createHash } from 'node:crypto'
import { sql, type Kysely, type Selectable } from 'kysely'
import type { Database } from '../database.ts'
import type { ApiTokens } from '../tables/districts.ts'

export type FoundToken = {
  readonly id: string
  readonly name: string
  readonly rights: string[]
  /** The one district the token is good for; null: all of them. */
  readonly districtId: string | null
  /** Ids of orgs of that district, whose rows alone it sees; null: all rows. */
  readonly schoolIds: string[] | null
}

/** A token as it is listed; nothing in it lets anybody in. */
export type TokenRow = Omit<Selectable<ApiTokens>, 'tokenHash'>

/** What is kept of a token. Unsalted: a token is 32 random bytes, and nobody looks those up in a table. */
function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/**
 * The token if it is known, has not expired and is not revoked. That it was used is noted at most once a minute: a write
 * with every request would be most of the writes there are.
 */
export async function findToken(db: Kysely<Database>, token: string, now: Date): Promise<FoundToken | undefined> {
  const { rows } = await sql<FoundToken>`
    with found as (
      select id, name, rights, only_district_id as district_id, only_school_ids as school_ids from api_tokens
      where token_hash = ${hashToken(token)} and revoked_at is null and (expires_at is null or expires_at > ${now})
    ), noted as (
      update api_tokens token set last_used_at = ${now} from found
      where token.id = found.id
        and (token.last_used_at is null or token.last_used_at < ${now}::timestamptz - interval '1 minute')
    )
    select * from found`.execute(db)
  return rows[0]
}

/** Keeps the hash of a token; undefined when the same token is there, which is left as it is. */
export async function insertToken(
  db: Kysely<Database>,
  token: {
    readonly token: string
    readonly name: string
    readonly rights: readonly string[]
    readonly districtId?: string | null | undefined
    readonly schoolIds?: readonly string[] | null | undefined
    readonly createdBy?: string
    readonly expiresAt?: Date | null | undefined
  },
): Promise<TokenRow | undefined> {
  return await db
    .insertInto('apiTokens')
    .values({
      tokenHash: hashToken(token.token),
      name: token.name,
      rights: [...token.rights],
      onlyDistrictId: token.districtId ?? null,
      onlySchoolIds: token.schoolIds === undefined || token.schoolIds === null ? null : [...token.schoolIds],
      createdBy: token.createdBy ?? '',
      expiresAt: token.expiresAt ?? null,
    })
    .onConflict((conflict) => conflict.column('tokenHash').doNothing())
    .returning(shown)
    .executeTakeFirst()
}

/** Tokens of these districts, or with null those for all districts, the newest first, those before `beforeId`. */
export function listTokens(
  db: Kysely<Database>,
  page: {
    readonly districtIds: readonly (string | null)[]
    readonly beforeId: string | undefined
    readonly limit: number
  },
): Promise<TokenRow[]> {
  const named = page.districtIds.filter((id) => id !== null)
  let query = db
    .selectFrom('apiTokens')
    .select(shown)
    .where((where) =>
      where.or([
        where('onlyDistrictId', '=', sql<string>`any (${named}::uuid[])`),
        ...(page.districtIds.includes(null) ? [where('onlyDistrictId', 'is', null)] : []),
      ]),
    )
  if (page.beforeId !== undefined) query = query.where('id', '<', page.beforeId)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

export function findTokenById(db: Kysely<Database>, id: string): Promise<TokenRow | undefined> {
  return db.selectFrom('apiTokens').select(shown).where('id', '=', id).executeTakeFirst()
}

/** From now on the token lets nobody in. False when it had been revoked before. */
export async function revokeToken(
  db: Kysely<Database>,
  { id, by, now }: { readonly id: string; readonly by: string; readonly now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('apiTokens')
    .set({ revokedAt: now, revokedBy: by })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

const shown = [
  'id',
  'name',
  'rights',
  'onlyDistrictId',
  'onlySchoolIds',
  'createdBy',
  'createdAt',
  'expiresAt',
  'lastUsedAt',
  'revokedAt',
  'revokedBy',
] as const
