import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { createDatabase } from '../../../db/database.ts'
import { findToken } from '../../../db/access/tokens.ts'
import { createTestDatabase } from '../../harness/database.ts'
import { getTestPostgres } from '../../harness/postgres.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const suffix = randomBytes(4).toString('hex')
const owner = `rollbook_owner_${suffix}`
const app = `rollbook_app_${suffix}`
const database = `rollbook_${suffix}`
const password = 'only-here'

/**
 * The SQL of deploy/postgres/create-roles.sh. Roles belong to the whole server, which other tests use at the same
 * time: the ones made here have names of their own.
 */
async function readStatements(): Promise<string[]> {
  const script = await readFile(join(root, 'deploy/postgres/create-roles.sh'), 'utf8')
  const sql = /<<'SQL'\n([\s\S]+)\nSQL/.exec(script)?.[1] ?? ''
  return sql
    .replaceAll(/:'\w+'/g, `'${password}'`)
    .replaceAll(/\b(temporal_visibility|temporal|rollbook_owner|rollbook_app|rollbook)\b/g, `$1_${suffix}`)
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

describe('the roles of deploy/postgres/create-roles.sh', () => {
  let superuser: pg.Client
  let connect: (user: string, database: string) => string

  beforeAll(async () => {
    const postgres = await getTestPostgres()
    connect = (user, name) => {
      const url = new URL(postgres.superuserUrl(name))
      url.username = user
      url.password = password
      return url.href
    }
    superuser = new pg.Client({ connectionString: postgres.superuserUrl('postgres') })
    await superuser.connect()
    for (const statement of await readStatements()) await superuser.query(statement)
  })

  afterAll(async () => {
    for (const name of [database, `temporal_${suffix}`, `temporal_visibility_${suffix}`]) {
      await superuser.query(`drop database if exists ${name} with (force)`)
    }
    for (const role of [owner, app, `temporal_${suffix}`]) await superuser.query(`drop role if exists ${role}`)
    await superuser.end()
  })

  it('let the owner migrate, who has no right to make roles', async () => {
    await superuser.query(
      `do $$ begin create role rollbook_app nologin; exception when duplicate_object then null; end $$`,
    )
    const migrated = spawnSync(process.execPath, ['db/main.ts', 'migrate'], {
      cwd: root,
      env: { PATH: process.env['PATH'], ROLLBOOK_DATABASE_URL: connect(owner, database) },
    })
    assert.equal(migrated.status, 0, migrated.stderr.toString())
  })

  it('keep the app role from owning, from making and from passing the wall between districts', async () => {
    const { rows } = await superuser.query(
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = $1',
      [app],
    )
    assert.deepEqual(rows, [{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }])
  })

  it('keep Temporal out of the records, and the records out of Temporal', async () => {
    const open = async (user: string, name: string): Promise<void> => {
      const client = new pg.Client({ connectionString: connect(user, name) })
      await client.connect()
      await client.end()
    }
    await assert.rejects(open(`temporal_${suffix}`, database), /permission denied for database/)
    await assert.rejects(open(app, `temporal_${suffix}`), /permission denied for database/)
    await open(app, database)
  })
})

describe('deploy/create-token.ts', () => {
  it('prints a token that the API will know, and keeps only its hash', async () => {
    const testDatabase = await createTestDatabase()
    try {
      const made = spawnSync(process.execPath, ['deploy/create-token.ts', 'first-operator', 'view', 'run'], {
        cwd: root,
        env: { PATH: process.env['PATH'], ROLLBOOK_APP_DATABASE_URL: testDatabase.appUrl },
      })
      assert.equal(made.status, 0, made.stderr.toString())
      const db = createDatabase({ url: testDatabase.appUrl })
      const token = await findToken(db, made.stdout.toString().trim(), new Date())
      await db.destroy()
      assert.deepEqual(
        { name: token?.name, rights: token?.rights },
        { name: 'first-operator', rights: ['view', 'run'] },
      )
    } finally {
      await testDatabase.dispose()
    }
  })

  it('refuses a right that does not exist', () => {
    const refused = spawnSync(process.execPath, ['deploy/create-token.ts', 'someone', 'everything'], { cwd: root })
    assert.equal(refused.status, 2)
  })
})
