import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'

/** Writes down who decided or changed what. Append-only; `subject` holds ids and settings, nothing about a person. */
export async function insertAuditEntry(
  trx: Transaction<Database>,
  entry: {
    readonly districtId: string
    readonly actor: string
    readonly action: string
    readonly subject: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  await trx
    .insertInto('auditLog')
    .values({ ...entry, subject: JSON.stringify(entry.subject) })
    .execute()
}
