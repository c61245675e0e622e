import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withClient } from '../../../stack/postgres/postgres.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'db', 'migrations')
const migration = '0018-not-imported.sql'

describe('alerts that are open when a missing required field becomes a reason not to import', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase({ isEmpty: true })
  })
  afterAll(() => database.dispose())

  it('are one alert of their rule from then on, as old as the oldest, and no others are touched', async () => {
    const districtId = randomUUID()
    const runId = randomUUID()
    // As the owner role, as a district upgrades: row-level security is forced on it too.
    await withClient(database.ownerUrl, async (client) => {
      for (const name of (await readdir(folder)).filter((file) => file < migration).sort()) {
        await client.query(await readFile(join(folder, name), 'utf8'))
      }
      await client.query(`select set_config('rollbook.district_id', $1, false)`, [districtId])
      await client.query(`insert into districts (id, slug, name, time_zone) values ($1, 'lincoln', 'Lincoln', 'UTC')`, [
        districtId,
      ])
      const insert = `insert into alerts (district_id, data_type, run_id, kind, field, count, opened_at, closed_at)
        values ($1, 'students', $2, $3, $4, $5, $6, $7)`
      for (const [kind, field, count, opened, closed] of [
        ['missingRequired', 'givenName', 2, '2026-11-03', null],
        ['missingRequired', 'schoolId', 3, '2026-11-01', null],
        ['missingRequired', 'familyName', 9, '2026-10-01', '2026-10-02'],
        ['missingExpected', 'gradeLevel', 4, '2026-11-02', null],
      ] as const) {
        await client.query(insert, [districtId, runId, kind, field, count, opened, closed])
      }
      await client.query(`select set_config('rollbook.district_id', '', false)`)
      await client.query(await readFile(join(folder, migration), 'utf8'))
    })
    const open = await withClient(database.superuserUrl, (client) =>
      client.query(
        `select kind, field, count, new_count, run_id = $1 as is_same_run, opened_at::date::text as opened
        from alerts where closed_at is null order by kind`,
        [runId],
      ),
    )
    assert.deepEqual(open.rows, [
      {
        kind: 'missingExpected',
        field: 'gradeLevel',
        count: 4,
        new_count: null,
        is_same_run: true,
        opened: '2026-11-02',
      },
      { kind: 'notImported', field: 'I-03', count: 5, new_count: null, is_same_run: true, opened: '2026-11-01' },
    ])
  })
})
