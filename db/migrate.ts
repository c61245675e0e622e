import { readdir, readFile } from 'node:fs/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration'
import pg from 'pg'

const folder = new URL('./migrations/', import.meta.url)

/** Plain `.sql` files in the order of their numbers; each runs once, all new ones in one transaction. */
const sqlFiles: MigrationProvider = {
  async getMigrations() {
    return Object.fromEntries((await listMigrations()).map((name) => [name, readMigration(`${name}.sql`)]))
  },
}

/** Names of all migrations that this code brings, in the order in which they run. */
export async function listMigrations(): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return names.map((name) => name.slice(0, -'.sql'.length))
}

function readMigration(fileName: string): Migration {
  return {
    async up(db) {
      await sql.raw(await readFile(new URL(fileName, folder), 'utf8')).execute(db)
    },
  }
}

/**
 * Brings the schema up to date as the owner role, and gives the app role the name and password of `appUrl`, if given.
 * Returns the names of the migrations that ran. Safe to run twice, and twice at once.
 */
export async function migrate({ ownerUrl, appUrl }: { ownerUrl: string; appUrl?: string | undefined }) {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const { error, results = [] } = await new Migrator({ db, provider: sqlFiles }).migrateToLatest()
    if (error !== undefined) throw error instanceof Error ? error : new Error('a migration failed', { cause: error })
    if (appUrl !== undefined) await openAppRole(pool, new URL(appUrl))
    return results.map(({ migrationName }) => migrationName)
  } finally {
    await db.destroy()
  }
}

/** A role of another name becomes a member of rollbook_app, to which the migrations grant. */
async function openAppRole(pool: pg.Pool, url: URL): Promise<void> {
  const name = pg.escapeIdentifier(decodeURIComponent(url.username))
  const password = pg.escapeLiteral(decodeURIComponent(url.password))
  const { rowCount } = await pool.query('select from pg_roles where rolname = $1', [decodeURIComponent(url.username)])
  if (rowCount === 0) await pool.query(`create role ${name} login password ${password}`)
  else await alterRole(pool, `alter role ${name} login password ${password}`)
  if (url.username !== 'rollbook_app') await pool.query(`grant rollbook_app to ${name}`)
}

/** Roles belong to the whole server: a migration of a neighbouring database may alter the same one at this moment. */
async function alterRole(pool: pg.Pool, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await pool.query(statement)
      return
    } catch (error) {
      const isConcurrent = error instanceof Error && error.message.includes('concurrently updated')
      if (!isConcurrent || attempt === 5) throw error
    }
  }
}
