import { sql, type Kysely } from 'kysely'
import type { Database } from '../database.ts'

const keptHours = 24
/** Whoever has not answered by then is dead: the longest request that may have a key waits for a worker. */
const patienceSeconds = 120
const goneAtOnce = 100

export type KeyOfCaller = { readonly callerHash: Buffer; readonly keyHash: Buffer }

export type Claim =
  /** The request is to be answered, and its answer kept under this attempt. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'underWay' }
  | { readonly kind: 'otherRequest' }
  | { readonly kind: 'answered'; readonly status: number; readonly answer: Buffer }

/**
 * Takes a key for a request, once however many ask at the same time; or says what the first request with it was, or
 * came to. A key is free again after a day, and where its first request died half-way.
 */
export async function claimKey(
  db: Kysely<Database>,
  { callerHash, keyHash }: KeyOfCaller,
  { requestHash, attempt }: { readonly requestHash: Buffer; readonly attempt: string },
): Promise<Claim> {
  await forgetOldKeys(db)
  const claimed = await db
    .insertInto('idempotencyKeys')
    .values({ callerHash, keyHash, requestHash, attempt, status: null, answer: null })
    .onConflict((conflict) =>
      conflict
        .columns(['callerHash', 'keyHash'])
        .doUpdateSet({ requestHash, attempt, status: null, answer: null, begunAt: sql<Date>`now()` })
        .where(
          sql<boolean>`(idempotency_keys.begun_at < now() - make_interval(hours => ${keptHours})
            or (idempotency_keys.status is null and idempotency_keys.request_hash = ${requestHash}
              and idempotency_keys.begun_at < now() - make_interval(secs => ${patienceSeconds})))`,
        ),
    )
    .returning('attempt')
    .executeTakeFirst()
  if (claimed !== undefined) return { kind: 'begun' }
  const kept = await db
    .selectFrom('idempotencyKeys')
    .select(['requestHash', 'status', 'answer'])
    .where('callerHash', '=', callerHash)
    .where('keyHash', '=', keyHash)
    .executeTakeFirst()
  // Given back at this very moment: whoever asks again a moment later may have it.
  if (kept === undefined) return { kind: 'underWay' }
  if (!kept.requestHash.equals(requestHash)) return { kind: 'otherRequest' }
  if (kept.status === null || kept.answer === null) return { kind: 'underWay' }
  return { kind: 'answered', status: kept.status, answer: kept.answer }
}

/** Keeps what was answered, unless another attempt took the key over. */
export async function keepAnswer(
  db: Kysely<Database>,
  { callerHash, keyHash }: KeyOfCaller,
  { attempt, status, answer }: { readonly attempt: string; readonly status: number; readonly answer: Buffer },
): Promise<void> {
  await db
    .updateTable('idempotencyKeys')
    .set({ status, answer })
    .where('callerHash', '=', callerHash)
    .where('keyHash', '=', keyHash)
    .where('attempt', '=', attempt)
    .execute()
}

/** Frees a key whose request did nothing. */
export async function freeKey(
  db: Kysely<Database>,
  { callerHash, keyHash }: KeyOfCaller,
  attempt: string,
): Promise<void> {
  await db
    .deleteFrom('idempotencyKeys')
    .where('callerHash', '=', callerHash)
    .where('keyHash', '=', keyHash)
    .where('attempt', '=', attempt)
    .execute()
}

async function forgetOldKeys(db: Kysely<Database>): Promise<void> {
  await sql`delete from idempotency_keys where (caller_hash, key_hash) in (
    select caller_hash, key_hash from idempotency_keys where begun_at < now() - make_interval(hours => ${keptHours})
    limit ${goneAtOnce} for update skip locked)`.execute(db)
}
