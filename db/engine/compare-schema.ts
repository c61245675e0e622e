import { sql, type Kysely } from 'kysely'
import { listMigrations } from '../migrate.ts'
import type { Database } from '../database.ts'

export type SchemaDifference = {
  /** Names of migrations that this code needs and the database has not had. */
  readonly missing: readonly string[]
  /** Names that the database has had and this code does not know: it is older than the database. */
  readonly unknown: readonly string[]
}

/** How the tables differ from what this code was written for, by the names of migrations. Throws when nobody answers. */
export async function compareSchema(db: Kysely<Database>): Promise<SchemaDifference> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  const had = new Set(rows.map(({ name }) => name))
  const known = new Set(await listMigrations())
  return {
    missing: [...known].filter((name) => !had.has(name)),
    unknown: [...had].filter((name) => !known.has(name)).sort(),
  }
}
