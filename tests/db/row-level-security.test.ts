import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'

type Column = { name: string; type: string; check: string | null }
type Table = { name: string; isEnabled: boolean; isForced: boolean; policies: number; columns: Column[] }

/** Read from the catalogue, so that a table that a later migration adds is tested without a line here. */
async function listTables(owner: pg.Client): Promise<Table[]> {
  const { rows } = await owner.query<Table>(`
    select c.relname as name, c.relrowsecurity as "isEnabled", c.relforcerowsecurity as "isForced",
      (select count(*)::int from pg_policy where polrelid = c.oid) as policies,
      (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
          'check', (select pg_get_constraintdef(k.oid) from pg_constraint k
            where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1)))
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
      ) as columns
    from pg_class c join pg_attribute d on d.attrelid = c.oid and d.attname = 'district_id'
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
    order by 1`)
  return rows
}

/** Any value that the column takes; of a closed list the first. */
function inventValue({ type, check }: Column): unknown {
  const allowed = check?.match(/'([^']+)'/)?.[1]
  if (allowed !== undefined) return allowed
  if (type === 'uuid') return randomUUID()
  if (['integer', 'smallint', 'bigint', 'numeric'].includes(type)) return 1
  if (type === 'jsonb') return '{}'
  if (type === 'boolean') return false
  if (type === 'date' || type.startsWith('timestamp')) return '2026-01-01'
  if (type === 'bytea') return Buffer.from('x')
  if (type.endsWith('[]')) return []
  if (type === 'timestamp with time zone') return new Date()
  return 'x'
}

async function plantRow(client: pg.Client, table: Table, districtId: string): Promise<void> {
  const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
  const places = table.columns.map((_, index) => `$${index + 1}`).join(', ')
  const values = table.columns.map((column) => (column.name === 'district_id' ? districtId : inventValue(column)))
  await client.query(`insert into "${table.name}" (${names}) values (${places})`, values)
}

describe('a session of the app role', () => {
  let database: TestDatabase
  let owner: pg.Client
  let app: pg.Client
  let tables: Table[]
  const [lincoln, franklin] = [randomUUID(), randomUUID()]

  beforeAll(async () => {
    database = await createTestDatabase()
    owner = new pg.Client(database.superuserUrl)
    app = new pg.Client(database.appUrl)
    for (const client of [owner, app]) {
      client.on('error', () => undefined)
      await client.connect()
    }
    tables = await listTables(owner)
    // Foreign keys are beside the point here, and would ask for rows of other tables first.
    await owner.query(`set session_replication_role = 'replica'`)
    for (const table of tables) await plantRow(owner, table, franklin)
  })
  afterAll(async () => {
    for (const client of [owner, app]) await client.end().catch(() => undefined)
    await database.dispose().catch(() => undefined)
  })

  const countIn = async (districtId: string) => {
    await app.query(`select set_config('rollbook.district_id', $1, false)`, [districtId])
    const counts: Record<string, number> = {}
    for (const { name } of tables) {
      const { rows } = await app.query<{ count: number }>(`select count(*)::int as count from "${name}"`)
      counts[name] = rows[0]?.count ?? -1
    }
    return counts
  }
  const everyTable = (count: number) => Object.fromEntries(tables.map(({ name }) => [name, count]))

  it('meets a policy in every table that belongs to a district', () => {
    assert.ok(tables.length >= 18)
    for (const { name, isEnabled, isForced, policies } of tables) {
      assert.deepEqual({ name, isEnabled, isForced, policies }, { name, isEnabled: true, isForced: true, policies: 1 })
    }
  })

  it('sees the rows of its own district in every table', async () => {
    assert.deepEqual(await countIn(franklin), everyTable(1))
  })

  it('sees nothing of another district in any table', async () => {
    assert.deepEqual(await countIn(lincoln), everyTable(0))
  })

  it('sees nothing in any table when it has named no district', async () => {
    assert.deepEqual(await countIn(''), everyTable(0))
  })

  it('can write no row of another district', async () => {
    await app.query(`select set_config('rollbook.district_id', $1, false)`, [lincoln])
    for (const table of tables) {
      await assert.rejects(plantRow(app, table, franklin), /violates row-level security|permission denied/, table.name)
    }
  })

  it('neither owns a table nor may pass by the policies', async () => {
    const { rows } = await owner.query(
      `select rolbypassrls, rolsuper, (select count(*)::int from pg_class where relowner = r.oid) as owned
       from pg_roles r where rolname = 'rollbook_app'`,
    )
    assert.deepEqual(rows, [{ rolbypassrls: false, rolsuper: false, owned: 0 }])
  })

  it('can neither change nor delete what the audit log says', async () => {
    await app.query(`select set_config('rollbook.district_id', $1, false)`, [franklin])
    await assert.rejects(app.query(`update audit_log set actor = 'somebody else'`), /permission denied/)
    await assert.rejects(app.query('delete from audit_log'), /permission denied/)
  })
})
