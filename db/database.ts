import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { findStatementTimeout, lendClient } from './statement-limits.ts'
import type { Database } from './tables/database.ts'

export type { Database } from './tables/database.ts'

export type DatabaseOptions = { readonly url: string; readonly maxConnections?: number | undefined }

/** COPY and other streams need a connection of their own, which Kysely does not hand out. */
const pools = new WeakMap<Kysely<Database>, pg.Pool>()

/**
 * A pool of connections, typed. A date without a clock stays text (`YYYY-MM-DD`), and so does a decimal; a bigint
 * becomes a number, and one that a number cannot hold is an error and never rounded (64-bit digests and fingerprints
 * stay in the database or travel as text). A connection that PostgreSQL closes is replaced; a query on it fails, and
 * nothing else does. `destroy()` closes it.
 */
export function createDatabase({ url, maxConnections = 10 }: DatabaseOptions): Kysely<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    keepAlive: true,
    connectionTimeoutMillis: 30_000,
    types: { getTypeParser },
  })
  pool.on('error', () => undefined)
  // A client that is lent out and idle between two statements reports here when the server goes away; without a
  // listener that event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: { options: pool.options, connect: () => lendClient(pool), end: () => pool.end() },
    }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  pools.set(db, pool)
  return db
}

type SchoolLimit = (districtId: string) => readonly string[] | null

const schoolLimits = new WeakMap<Kysely<Database>, SchoolLimit>()

/**
 * The same database for somebody who is bound to schools: what is read by `withDistrict` shows rows of those that `schoolsIn`
 * names for the district, or all rows where that is null (db/fields/sees-row.ts). No connection can be borrowed of it.
 */
export function limitToSchools(db: Kysely<Database>, schoolsIn: SchoolLimit): Kysely<Database> {
  const limited = db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => Promise.resolve(result),
  })
  schoolLimits.set(limited, schoolsIn)
  return limited
}

/**
 * Runs `fn` in one transaction that sees and writes the rows of this district and of no other. `workMem` ('256MB')
 * is for the large set-based steps. The limits of withStatementLimits are kept.
 */
export function withDistrict<Result>(
  db: Kysely<Database>,
  districtId: string,
  fn: (trx: Transaction<Database>) => Promise<Result>,
  options: { readonly workMem?: string } = {},
): Promise<Result> {
  return db.transaction().execute(async (trx) => {
    const timeout = findStatementTimeout()?.toString() ?? null
    const schools = schoolLimits.get(db)?.(districtId)
    const schoolIds = schools === undefined || schools === null ? '' : `{${schools.join(',')}}`
    await sql`select set_config('rollbook.district_id', ${districtId}, true),
                     set_config('rollbook.school_ids', ${schoolIds}, true),
                     set_config('work_mem', coalesce(${options.workMem ?? null}, current_setting('work_mem')), true),
                     set_config('statement_timeout', coalesce(${timeout}, current_setting('statement_timeout')), true)`.execute(
      trx,
    )
    return fn(trx)
  })
}

/**
 * Lends a connection outside Kysely, for COPY. The borrower gives it back with `release()`, or with `release(true)`
 * to have it closed when it made temporary tables or failed half-way.
 */
export function borrowClient(db: Kysely<Database>): Promise<pg.PoolClient> {
  const pool = pools.get(db)
  if (pool === undefined) throw new Error('borrowClient takes the database that createDatabase made, no transaction')
  return lendClient(pool)
}

const getTypeParser = ((typeId: number) => {
  if (typeId === bigintType) return parseBigint
  if (typeId === dateType) return (text: string) => text
  return defaultParser(typeId)
  // The declared overloads tell apart formats and an enum of type ids; the driver reads rows as text alone.
}) as typeof pg.types.getTypeParser

const bigintType = 20
const dateType = 1082
const defaultParser = pg.types.getTypeParser as (typeId: number) => (text: string) => unknown // as above

function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error('a bigint that a number cannot hold was read; read it as text')
  return value
}
