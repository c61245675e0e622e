import { ok, strictEqual } from 'node:assert/strict'
import { withClient } from '../../../stack/postgres/postgres.ts'
import { createTestDatabase } from '../../harness/database.ts'

describe('a test database', () => {
  it('is empty of other tests, and gone after dispose', async () => {
    const [one, two] = [await createTestDatabase({ isEmpty: true }), await createTestDatabase({ isEmpty: true })]
    await withClient(one.ownerUrl, (client) => client.query('create table marks (mark text)'))
    const found = await withClient(two.ownerUrl, (client) =>
      client.query<{ t: string | null }>("select to_regclass('marks') t"),
    )
    strictEqual(found.rows[0]?.t, null)
    await one.dispose()
    await two.dispose()
    const left = await withClient(one.superuserUrl.replace(one.name, 'postgres'), (client) =>
      client.query('select from pg_database where datname = $1', [one.name]),
    )
    strictEqual(left.rowCount, 0)
  })

  it('has an app role that neither owns anything nor bypasses row security', async () => {
    const database = await createTestDatabase({ isEmpty: true })
    const { rows } = await withClient(database.appUrl, (client) =>
      client.query<{ rolsuper: boolean; rolbypassrls: boolean }>(
        'select rolsuper, rolbypassrls from pg_roles where rolname = current_user',
      ),
    )
    ok(rows[0] !== undefined && !rows[0].rolsuper && !rows[0].rolbypassrls)
    await database.dispose()
  })
})
