import assert from 'node:assert/strict'
import type { Readiness } from '../../api/contract/readiness.ts'
import { listMigrations } from '../../db/migrate.ts'
import { createTestDatabase } from '../harness/database.ts'
import { withClient } from '../../stack/postgres/postgres.ts'
import { ApiRig, readAnswer } from './api-rig.ts'

let rig: ApiRig
let ownerUrl: string

beforeEach(async () => {
  const database = await createTestDatabase()
  ownerUrl = database.ownerUrl
  rig = new ApiRig(database)
})

afterEach(() => rig.close())

async function ask(status: number): Promise<Readiness> {
  return readAnswer<Readiness>(await rig.api.request('/api/health/ready'), status)
}

function failingOf({ parts }: Readiness): Record<string, string | null> {
  return Object.fromEntries(parts.filter(({ state }) => state !== 'ok').map(({ name, detail }) => [name, detail]))
}

describe('readiness', () => {
  it('is complete when everything is there', async () => {
    const { status, parts } = await ask(200)
    assert.equal(status, 'ready')
    assert.deepEqual(
      parts.map(({ name, state }) => `${name} ${state}`),
      ['database ok', 'migrations ok', 'temporal ok', 'workers ok'],
    )
  })

  it('is degraded, and requests go on, while no worker takes work', async () => {
    rig.workflows.pollers = { workflows: 2, activities: 0 }
    const readiness = await ask(200)
    assert.equal(readiness.status, 'degraded')
    assert.match(failingOf(readiness)['workers'] ?? '', /No worker asks for activities: imports wait/)
  })

  it('is not there without Temporal, and says that nobody can tell of the workers then', async () => {
    rig.workflows.isUp = false
    const readiness = await ask(503)
    assert.deepEqual(Object.keys(failingOf(readiness)), ['temporal', 'workers'])
    assert.equal(readiness.parts.find(({ name }) => name === 'workers')?.state, 'unknown')
  })

  it('names the migrations that the database lacks, and those that it has and this code does not', async () => {
    const last = (await listMigrations()).at(-1)
    await withClient(ownerUrl, (owner) => owner.query('delete from kysely_migration where name = $1', [last]))
    assert.match(failingOf(await ask(503))['migrations'] ?? '', new RegExp(`lacks ${last}.*migrate`))
    await withClient(ownerUrl, async (owner) => {
      const insert = "insert into kysely_migration values ($1, '2026-01-01'), ('9999-of-the-future', '2026-01-01')"
      await owner.query(insert, [last])
    })
    assert.match(failingOf(await ask(503))['migrations'] ?? '', /newer than this code: it had 9999-of-the-future/)
  })

  it('is told apart from being alive', async () => {
    rig.workflows.isUp = false
    await readAnswer(await rig.api.request('/api/health/live'), 200)
  })
})
