import assert from 'node:assert/strict'
import pg from 'pg'
import type { AuditEntry, AuditVerification } from '../../../api/contract/audit.ts'
import type { Page } from '../../../api/contract/paging.ts'
import { insertAuditEntry } from '../../../db/access/audit.ts'
import { withDistrict } from '../../../db/database.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { afterTest } from '../../harness/after-test.ts'
import { ApiRig, readAnswer, type TestDistrict } from '../api-rig.ts'
import { plantStudents, recordId } from '../plant-records.ts'

let database: TestDatabase
let rig: ApiRig
let token: string
let district: TestDistrict

beforeAll(async () => {
  database = await createTestDatabase()
  rig = new ApiRig(database)
  token = await rig.makeToken()
})
beforeEach(async () => {
  district = await rig.makeDistrict()
})
afterAll(() => rig.close())

const list = async (query = '') => {
  const answer = await rig.send(token, 'GET', `/api/districts/${district.slug}/audit${query}`)
  return (await readAnswer<Page<AuditEntry>>(answer)).items
}
const verify = async () =>
  await readAnswer<AuditVerification>(await rig.send(token, 'GET', `/api/districts/${district.slug}/audit/verify`))
const write = (action: string, subject = {}) =>
  withDistrict(rig.db, district.id, (trx) =>
    insertAuditEntry(trx, { districtId: district.id, actor: 'tester', action, subject }),
  )

/** As somebody who owns the server and may do anything, triggers or not. */
async function tamper(sql: string): Promise<void> {
  const client = new pg.Client(database.superuserUrl)
  await client.connect()
  afterTest(() => client.end())
  await client.query(`set session_replication_role = 'replica'`)
  await client.query(sql)
}

describe('the audit log', () => {
  it('says who changed what, from which request, and how it was before', async () => {
    const path = `/api/districts/${district.slug}/notifications/students`
    for (const reminderDays of [[3], [5]]) {
      const headers = { 'content-type': 'application/json', 'x-request-id': `ask-${reminderDays.join()}` }
      const body = JSON.stringify({ recipients: ['office@example.org'], reminderDays })
      await readAnswer(await rig.send(token, 'PUT', path, { headers, body }))
    }
    const [second, first] = await list()
    assert.deepEqual([first?.before, first?.after], [null, { recipientCount: 1, reminderDays: [3] }])
    assert.deepEqual(second?.before, { recipientCount: 1, reminderDays: [3] })
    assert.deepEqual([second.action, second.actor, second.requestId], ['setNotifications', 'tester', 'ask-5'])
    assert.ok(second.actorId)
  })

  it('has nothing of a request that was refused, and nothing of one that only shows', async () => {
    const path = `/api/districts/${district.slug}/notifications/students`
    await readAnswer(await rig.sendJson(token, 'PUT', path, { recipients: 'nobody' }), 400)
    await readAnswer(await rig.send(token, 'GET', `/api/districts/${district.slug}/notifications`))
    assert.deepEqual(await list(), [])
  })

  it('has an entry for values that are taken away as a file', async () => {
    await plantStudents(rig, district, [{ id: recordId(1), sisId: '1' }])
    const path = `/api/districts/${district.slug}/records/students`
    await readAnswer(await rig.send(token, 'GET', path))
    await (await rig.send(token, 'GET', `${path}?format=csv`)).text()
    const entries = await list()
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['exportRecords'],
    )
    assert.equal(entries[0]?.subject['dataType'], 'students')
  })

  it('is filtered, comes in pages and as CSV', async () => {
    for (const action of ['one', 'two', 'one']) await write(action)
    assert.deepEqual(
      (await list('?action=one')).map(({ seq }) => seq),
      [3, 1],
    )
    assert.deepEqual(await list('?actor=nobody'), [])
    assert.deepEqual(await list(`?to=2020-01-01T00:00:00Z`), [])
    const first = await readAnswer<Page<AuditEntry>>(
      await rig.send(token, 'GET', `/api/districts/${district.slug}/audit?limit=2`),
    )
    assert.deepEqual(
      (await list(`?limit=2&cursor=${first.nextCursor ?? ''}`)).map(({ seq }) => seq),
      [1],
    )
    const csv = await (await rig.send(token, 'GET', `/api/districts/${district.slug}/audit?format=csv`)).text()
    // The heading, the three, and that it is being taken away.
    assert.equal(csv.trim().split('\n').length, 5)
  })

  it('has what belongs to no district in a chain of its own', async () => {
    const wanted = { name: 'everywhere', rights: ['view'], district: null }
    await readAnswer(await rig.sendJson(token, 'POST', '/api/tokens', wanted), 201)
    const { items } = await readAnswer<Page<AuditEntry>>(await rig.send(token, 'GET', '/api/audit'))
    assert.equal(items[0]?.action, 'createToken')
    assert.ok(!JSON.stringify(items).includes('rb_'))
    assert.deepEqual(await list(), [])
    assert.equal((await readAnswer<AuditVerification>(await rig.send(token, 'GET', '/api/audit/verify'))).isWhole, true)
  })
})

describe('the chain', () => {
  it('has no forks, however many write at once, and is whole', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => write('at-once', { at })))
    const report = await verify()
    assert.deepEqual([report.isWhole, report.count, report.broken], [true, 20, null])
    assert.deepEqual(
      (await list()).map(({ seq }) => seq),
      Array.from({ length: 20 }, (_, at) => 20 - at),
    )
  })

  it('has many entries of one transaction in the order in which they were written', async () => {
    await withDistrict(rig.db, district.id, async (trx) => {
      for (let at = 0; at < 500; at++) {
        const entry = { districtId: district.id, actor: 'tester', action: 'batch', subject: { at } }
        await insertAuditEntry(trx, entry)
      }
    })
    const entries = await list('?limit=500')
    assert.deepEqual(
      entries.map(({ subject }) => subject['at']),
      Array.from({ length: 500 }, (_, at) => 499 - at),
    )
    assert.equal((await verify()).isWhole, true)
  })

  const inDistrict = () => `district_id = '${district.id}'`
  const entry = (seq: number) => `(select entry_id from audit_chain where ${inDistrict()} and seq = ${seq})`
  const cases: [what: string, sql: () => string, problem: string, seq: number][] = [
    ['an entry that was altered', () => `update audit_log set actor = 'x' where id = ${entry(2)}`, 'changedEntry', 2],
    [
      'a time that was altered',
      () => `update audit_log set at = at + interval '1 us' where id = ${entry(3)}`,
      'changedEntry',
      3,
    ],
    ['an entry that was taken out', () => `delete from audit_log where id = ${entry(2)}`, 'missingEntry', 2],
    [
      'an entry that was taken out with its link',
      () => `with gone as (delete from audit_chain where ${inDistrict()} and seq = 2 returning entry_id)
        delete from audit_log where id in (select entry_id from gone)`,
      'missingLink',
      3,
    ],
    [
      'an end that was cut off',
      () => `with gone as (delete from audit_chain where ${inDistrict()} and seq = 4 returning entry_id)
        delete from audit_log where id in (select entry_id from gone)`,
      'missingEnd',
      4,
    ],
    [
      'an entry that was put in past it',
      () => `insert into audit_log (district_id, actor, action) values ('${district.id}', 'x', 'x')`,
      'unlinkedEntry',
      5,
    ],
  ]
  for (const [what, sql, problem, seq] of cases) {
    it(`names ${what}`, async () => {
      for (const action of ['a', 'b', 'c', 'd']) await write(action)
      assert.equal((await verify()).isWhole, true)
      await tamper(sql())
      const { isWhole, broken } = await verify()
      assert.equal(isWhole, false)
      assert.deepEqual([broken?.problem, broken?.seq], [problem, seq])
    })
  }

  it('is written by the database alone, and altered not even by the owner of the tables', async () => {
    await write('one')
    const link = { districtId: district.id, seq: 2, entryId: recordId(9), hash: Buffer.from('x') }
    const forge = withDistrict(rig.db, district.id, (trx) => trx.insertInto('auditChain').values(link).execute())
    await assert.rejects(forge, /permission denied/)
    const client = new pg.Client(database.superuserUrl)
    await client.connect()
    afterTest(() => client.end())
    for (const sql of [`update audit_log set actor = 'x'`, 'delete from audit_chain', 'truncate audit_log cascade']) {
      await assert.rejects(client.query(sql), /only ever added to/, sql)
    }
  })
})
