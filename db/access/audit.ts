import type { Selectable, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { AuditLog } from '../tables/districts.ts'

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

/** Newest first. */
export function listAuditEntries(
  trx: Transaction<Database>,
  { districtId, limit }: { readonly districtId: string; readonly limit: number },
): Promise<Selectable<AuditLog>[]> {
  return trx
    .selectFrom('auditLog')
    .selectAll()
    .where('districtId', '=', districtId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
