import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { createDatabase, withDistrict, type Database } from '../../../db/database.ts'
import { countOutgrown } from '../../../db/engine/count-outgrown.ts'
import { insertDistrict } from '../../../db/access/districts.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'

const tables = ['duplicate_cases', 'staged_students']

describe('counting the tables that the planner does not know', () => {
  const databases: TestDatabase[] = []
  const clients: pg.Client[] = []
  let db: Kysely<Database>
  let districtId = ''

  const connect = async ({ superuserUrl }: TestDatabase): Promise<pg.Client> => {
    const client = new pg.Client(superuserUrl)
    clients.push(client)
    await client.connect()
    return client
  }
  const count = () => withDistrict(db, districtId, (trx) => countOutgrown(trx, tables))

  let own: pg.Client
  let neighbour: pg.Client

  beforeAll(async () => {
    const database = await createTestDatabase()
    const other = await createTestDatabase()
    databases.push(database, other)
    db = createDatabase({ url: database.appUrl, maxConnections: 2 })
    const slug = `lincoln-${randomUUID().slice(0, 8)}`
    const inserted = await insertDistrict(db, { slug, name: 'Lincoln County', timeZone: 'America/Chicago' })
    districtId = inserted?.id ?? ''
    own = await connect(database)
    neighbour = await connect(other)
    for (const table of tables) await own.query(`alter table ${table} set (autovacuum_enabled = false)`)
    await own.query(`set session_replication_role = replica`)
    await own.query(`insert into staged_students (district_id, run_id, seq, line, kind, parts)
      select '${districtId}', '${randomUUID()}', seq, seq, 1, 1 from generate_series(1, 500) seq`)
    await own.query(`insert into duplicate_cases (district_id, data_type, connection_id, run_id, seq, incoming_key, strength,
        reason, candidates)
      select '${districtId}', 'students', '${randomUUID()}', '${randomUUID()}', seq, seq, 'likely', 'resembles', '[]'
      from generate_series(1, 500) seq`)
  })
  beforeEach(async () => {
    await own.query(`update pg_class set reltuples = 0, relpages = 1 where relname = any ($1)`, [tables])
  })
  afterAll(async () => {
    for (const client of clients) await client.end()
    await db.destroy()
    for (const database of databases) await database.dispose()
  })

  const readCounts = async (): Promise<unknown> => {
    const { rows } = await own.query<{ name: string; rows: number }>(
      'select relname as name, reltuples::int as rows from pg_class where relname = any ($1) order by 1',
      [tables],
    )
    return Object.fromEntries(rows.map(({ name, rows: known }) => [name, known]))
  }

  it('counts what is taken for empty', async () => {
    await count()
    assert.deepEqual(await readCounts(), { duplicate_cases: 500, staged_students: 500 })
  })

  it('does so while somebody holds the table of that name in another database', async () => {
    const { rows } = await neighbour.query<{ oid: string }>(`select 'staged_students'::regclass::oid::text as oid`)
    const { rows: ownRows } = await own.query(`select 'staged_students'::regclass::oid::text as oid`)
    assert.deepEqual(ownRows, rows, 'clones have the oids of their template')
    await neighbour.query('begin')
    await neighbour.query(`lock table ${tables.join(', ')} in access exclusive mode`)
    try {
      await count()
    } finally {
      await neighbour.query('rollback')
    }
    assert.deepEqual(await readCounts(), { duplicate_cases: 500, staged_students: 500 })
  })

  it('passes over what somebody holds, and waits for nobody', async () => {
    await own.query('begin')
    await own.query('lock table staged_students in access exclusive mode')
    try {
      await count()
    } finally {
      await own.query('rollback')
    }
    assert.deepEqual(await readCounts(), { duplicate_cases: 500, staged_students: 0 })
  })
})
