import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import { createDatabase, withDistrict, type Database } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { until } from '../harness/until.ts'

describe('the database', () => {
  let database: TestDatabase
  let db: Kysely<Database>
  beforeAll(async () => {
    database = await createTestDatabase()
    db = createDatabase({ url: database.appUrl, maxConnections: 2 })
  })
  afterAll(async () => {
    await db.destroy()
    await database.dispose().catch(() => undefined)
  })

  it('reads a date as text, a decimal as written, and a count as a number', async () => {
    const { rows } = await sql`select date '2026-08-15' as day, 3.50::numeric as gpa, count(*) as rows_read`.execute(db)
    assert.deepEqual(rows, [{ day: '2026-08-15', gpa: '3.50', rowsRead: 1 }])
  })

  it('refuses to round a bigint', async () => {
    await assert.rejects(sql`select 9007199254740993::bigint as digest`.execute(db), /cannot hold/)
  })

  it('forgets the district with the transaction', async () => {
    const districtId = randomUUID()
    const read = sql<{ district: string | null }>`select current_setting('rollbook.district_id', true) as district`
    const inside = await withDistrict(db, districtId, (trx) => read.execute(trx))
    assert.equal(inside.rows[0]?.district, districtId)
    const outside = await read.execute(db)
    assert.ok((outside.rows[0]?.district ?? '') === '')
  })

  it('outlives the loss of its connections, idle and in a transaction', async () => {
    const superuser = new pg.Client(database.superuserUrl)
    superuser.on('error', () => undefined)
    await superuser.connect()
    const killAll = () =>
      superuser.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
    const answers = () =>
      sql`select 1`.execute(db).then(
        () => true,
        () => false,
      )
    await answers()
    await killAll()
    await until(answers)
    await assert.rejects(
      withDistrict(db, randomUUID(), async (trx) => {
        await killAll()
        // The connection is lent out and idle when it dies: the moment in which an error without a listener would end
        // the process.
        await setTimeout(50)
        await sql`select 1`.execute(trx)
      }),
    )
    await until(answers)
    await superuser.end()
  })
})

describe('migrating', () => {
  it('builds the schema from nothing as the owner role, and a second time has nothing to do', async () => {
    const database = await createTestDatabase({ isEmpty: true })
    const names = await migrate({ ownerUrl: database.ownerUrl })
    assert.ok(names.length >= 5)
    assert.deepEqual(await migrate({ ownerUrl: database.ownerUrl }), [])
    await database.dispose()
  })
})
