import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'

export type TokenRow = {
  readonly id: string
  readonly name: string
  readonly rights: string[]
  /** The one district the token is good for; null: all of them. */
  readonly districtId: string | null
}

/** What is kept of a token. Unsalted: a token is 32 random bytes, and nobody looks those up in a table. */
function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The token if it is known and has not expired. */
export async function findToken(db: Kysely<Database>, token: string, now: Date): Promise<TokenRow | undefined> {
  return db
    .selectFrom('apiTokens')
    .select(['id', 'name', 'rights', 'onlyDistrictId as districtId'])
    .where('tokenHash', '=', hashToken(token))
    .where((where) => where.or([where('expiresAt', 'is', null), where('expiresAt', '>', now)]))
    .executeTakeFirst()
}

/** Keeps the hash of a token. The same token a second time is left as it is. */
export async function insertToken(
  db: Kysely<Database>,
  token: {
    readonly token: string
    readonly name: string
    readonly rights: readonly string[]
    readonly districtId?: string | undefined
    readonly expiresAt?: Date | undefined
  },
): Promise<void> {
  await db
    .insertInto('apiTokens')
    .values({
      tokenHash: hashToken(token.token),
      name: token.name,
      rights: [...token.rights],
      onlyDistrictId: token.districtId ?? null,
      expiresAt: token.expiresAt ?? null,
    })
    .onConflict((conflict) => conflict.column('tokenHash').doNothing())
    .execute()
}
