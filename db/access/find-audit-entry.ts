import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { AuditLog } from '../tables/districts.ts'

/** The entry for this action on just this subject, so that a step that is repeated does not write it again. */
export function findAuditEntry(
  trx: Transaction<Database>,
  entry: {
    readonly districtId: string
    readonly action: string
    readonly subject: Readonly<Record<string, unknown>>
  },
): Promise<Selectable<AuditLog> | undefined> {
  return trx
    .selectFrom('auditLog')
    .selectAll()
    .where('districtId', '=', entry.districtId)
    .where('action', '=', entry.action)
    .where('subject', '=', sql<never>`${JSON.stringify(entry.subject)}::jsonb`)
    .executeTakeFirst()
}
