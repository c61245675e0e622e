import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withClient } from '../../../stack/postgres/postgres.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'db', 'migrations')
const migration = '0021-owners.sql'

describe('what is there when owners are first written down', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase({ isEmpty: true })
  })
  afterAll(() => database.dispose())

  it('has its owner from then on, and the app role may ask for one but not read the list', async () => {
    const [districtId, connectionId] = [randomUUID(), randomUUID()]
    const kept = await withClient(database.ownerUrl, async (client) => {
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
      await client.query(`select set_config('rollbook.district_id', '', false)`)
      await client.query(await readFile(join(folder, migration), 'utf8'))
      const { rows } = await client.query(
        `select relname from pg_class where relforcerowsecurity
         and relname in ('connections', 'import_runs', 'duplicate_cases')`,
      )
      return rows.length
    })
    assert.equal(kept, 3)
    await withClient(database.superuserUrl, async (client) => {
      await client.query('set role rollbook_app')
      const { rows } = await client.query(
        `select rollbook_owner_of('connections', $1) as owner, rollbook_owner_of('import_runs', $1) as other`,
        [connectionId],
      )
      assert.deepEqual(rows, [{ owner: districtId, other: null }])
      await assert.rejects(client.query('select * from owned_ids'), /permission denied/)
    })
  })
})
