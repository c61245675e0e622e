import { sql, type Kysely } from 'kysely'
import type { Database } from '../database.ts'

const tables = {
  run: 'import_runs',
  connection: 'connections',
  duplicateCase: 'duplicate_cases',
  importSet: 'import_sets',
} as const

/** What is entered by its id alone, without its district being named. */
export type OwnedKind = keyof typeof tables

/**
 * The district that a run, a connection or a duplicate case belongs to, in one statement however many districts there
 * are: row-level security shows nothing of it before a district is named. It never moves to another.
 */
export async function findOwner(db: Kysely<Database>, kind: OwnedKind, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ ownerId: string | null }>`
    select rollbook_owner_of(${tables[kind]}, ${id}::uuid) as owner_id`.execute(db)
  return rows[0]?.ownerId ?? undefined
}
