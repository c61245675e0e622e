import { AsyncLocalStorage } from 'node:async_hooks'
import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'

/** Under it stands what belongs to no district: districts that are added, tokens for all of them. */
export const noDistrict = '00000000-0000-0000-0000-000000000000'

/** From where a request came, and which actions were written down for it so far. */
export type AuditOrigin = {
  readonly actorId: string | null
  readonly address: string | null
  readonly requestId: string
  readonly written: Set<string>
}

const originInForce = new AsyncLocalStorage<AuditOrigin>()

/** Every entry that is written while `fn` runs says that it came from there. */
export function withAuditOrigin<Result>(origin: AuditOrigin, fn: () => Promise<Result>): Promise<Result> {
  return originInForce.run(origin, fn)
}

/**
 * Writes down who decided or changed what. Append-only, and linked to the entry before when the transaction ends;
 * `subject` holds ids and settings, `before` and `after` what was configured: nothing about a person, and no secret.
 */
export async function insertAuditEntry(
  trx: Transaction<Database>,
  entry: {
    readonly districtId: string
    readonly actor: string
    readonly action: string
    readonly subject: Readonly<Record<string, unknown>>
    readonly before?: unknown
    readonly after?: unknown
  },
): Promise<void> {
  const { subject, before, after, ...named } = entry
  const origin = originInForce.getStore()
  const { actorId = null, address = null, requestId = null } = origin ?? {}
  await trx
    .insertInto('auditLog')
    .values({
      ...named,
      ...{ actorId, address, requestId },
      subject: JSON.stringify(subject),
      before: before === undefined ? null : JSON.stringify(before),
      after: after === undefined ? null : JSON.stringify(after),
    })
    .execute()
  origin?.written.add(entry.action)
}
