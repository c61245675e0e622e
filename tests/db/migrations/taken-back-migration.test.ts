import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withClient } from '../../../stack/postgres/postgres.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'db', 'migrations')
const migration = '0027-decisions-taken-back.sql'

describe('cases that an undo had opened with what was decided', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase({ isEmpty: true })
  })
  afterAll(() => database.dispose())

  it('are undecided after the upgrade, and what was decided since stays', async () => {
    const districtId = randomUUID()
    const [connectionId, importId, resolutionId] = [randomUUID(), randomUUID(), randomUUID()]
    const [recordId, createdId] = [randomUUID(), randomUUID()]
    await withClient(database.ownerUrl, async (client) => {
      for (const name of (await readdir(folder)).filter((file) => file < migration).sort()) {
        await client.query(await readFile(join(folder, name), 'utf8'))
      }
      await client.query(`select set_config('rollbook.district_id', $1, false)`, [districtId])
      await client.query(`insert into districts (id, slug, name, time_zone) values ($1, 'lincoln', 'Lincoln', 'UTC')`, [
        districtId,
      ])
      await client.query(
        `insert into connections (id, district_id, connector, name, settings_sealed, key_id)
         values ($1, $2, 'oneroster-csv', 'x', '', 'k')`,
        [connectionId, districtId],
      )
      await client.query(
        `insert into import_runs (id, district_id, connection_id, data_type, workflow_id, requested_by, is_resolution, state, created_at)
         values ($1, $2, $3, 'students', 'w', 'operator-7', true, 'undone', '2026-11-02')`,
        [resolutionId, districtId, connectionId],
      )
      for (const [key, decision, decidedAt, recordOfCreate] of [
        ['left over', 'match', '2026-11-01', null],
        ['decided since', 'match', '2026-11-03', null],
        ['created', 'create', '2026-11-01', createdId],
      ]) {
        await client.query(
          `insert into duplicate_cases (district_id, data_type, connection_id, run_id, seq, incoming_key, strength, reason,
             candidates, incoming_record_id, decision, decided_record_id, decided_by, decided_at, processed_run_id)
           values ($1, 'students', $2, $3, 1, $4, 'likely', 'resembles', '[]', $5, $6, $7, 'operator-7', $8, $9)`,
          [districtId, connectionId, importId, key, recordOfCreate, decision, recordId, decidedAt, resolutionId],
        )
      }
      await client.query(`select set_config('rollbook.district_id', '', false)`)
      await client.query(await readFile(join(folder, migration), 'utf8'))
    })
    const cases = await withClient(database.superuserUrl, (client) =>
      client.query(
        `select incoming_key, decision, settled_decision, incoming_record_id, undone_record_id from duplicate_cases order by 1`,
      ),
    )
    const none = { incoming_record_id: null, undone_record_id: null }
    assert.deepEqual(cases.rows, [
      {
        incoming_key: 'created',
        decision: null,
        settled_decision: 'create',
        incoming_record_id: null,
        undone_record_id: createdId,
      },
      { incoming_key: 'decided since', decision: 'match', settled_decision: null, ...none },
      { incoming_key: 'left over', decision: null, settled_decision: 'match', ...none },
    ])
    const { rows } = await withClient(database.superuserUrl, (client) =>
      client.query(
        `select bool_and(relforcerowsecurity) as forced from pg_class where relname in ('duplicate_cases', 'import_runs')`,
      ),
    )
    assert.deepEqual(rows, [{ forced: true }])
  })
})
