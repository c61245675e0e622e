import assert from 'node:assert/strict'
import type { Connection } from '../../../api/contract/connection.ts'
import type { ImportSet } from '../../../api/contract/import-set.ts'
import type { ConnectionHealth } from '../../../api/contract/connection-health.ts'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import type { Firing, Schedule } from '../../../api/contract/schedule.ts'
import { keepSchedules } from '../../../api/schedule/keep-schedules.ts'
import { withDistrict } from '../../../db/database.ts'
import { openAlarm } from '../../../db/schedule/alarms.ts'
import { plantOrg } from '../../fixtures/plant-org.ts'
import { insertFiring } from '../../../db/schedule/schedule-firings.ts'
import { until } from '../../harness/until.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'
import { plantConnection } from '../import/plant-run.ts'
import { afterTest } from '../../harness/after-test.ts'
import { dataTypes } from '../../../domain/data-types/registry.ts'

const everyDataType = dataTypes.map(({ name }) => name).sort()

const rig = useApiRig()
const nightly = { everyHours: 24, at: '02:30' }

async function makeFeed(token: string): Promise<{ district: TestDistrict; connection: Connection; path: string }> {
  const district = await rig().makeDistrict()
  const body = { connector: 'oneroster-csv', settings: { source: { kind: 'folder', path: '.' } } }
  const added = await rig().sendJson(token, 'POST', `/api/districts/${district.slug}/connections`, body)
  const connection = await readAnswer<Connection>(added, 201)
  return { district, connection, path: `/api/connections/${connection.id}/schedules/students` }
}

const put = async (token: string, path: string, body: unknown = nightly) =>
  await readAnswer<Schedule>(await rig().sendJson(token, 'PUT', path, body))

describe('a schedule', () => {
  it('is set, told to Temporal, changed, paused, resumed and removed', async () => {
    const token = await rig().makeToken()
    const { district, connection, path } = await makeFeed(token)
    const scheduleId = `schedule/${district.slug}/students/${connection.id}`
    const kept = () => rig().schedules.kept.get(scheduleId)

    const made = await put(token, path)
    assert.deepEqual([made.everyHours, made.at, made.lateAfterHours, made.isInForce], [24, '02:30', 48, true])
    assert.match(made.nextDueAt ?? '', /T02:30:00\.000Z$/)
    assert.deepEqual(kept()?.spec.calendars, [{ hour: 2, minute: 30 }])

    assert.equal((await put(token, path, { everyHours: 4, lateAfterHours: 30 })).lateAfterHours, 30)
    assert.equal(kept()?.spec.intervals[0]?.everyMs, 4 * 3_600_000)
    const paused = await readAnswer<Schedule>(await rig().sendJson(token, 'POST', `${path}/pause`, {}))
    assert.deepEqual([paused.isPaused, paused.pausedBy, paused.nextDueAt], [true, 'tester', null])
    assert.equal(kept()?.isPaused, true)
    // A change does not resume it.
    assert.equal((await put(token, path)).isPaused, true)
    const resumed = await readAnswer<Schedule>(await rig().sendJson(token, 'POST', `${path}/resume`, {}))
    assert.equal(resumed.isPaused, false)
    const { items } = await readAnswer<{ items: Schedule[] }>(
      await rig().send(token, 'GET', `/api/schedules?district=${district.slug}`),
    )
    assert.deepEqual(items, [resumed])

    assert.equal((await rig().send(token, 'DELETE', path)).status, 204)
    assert.equal(kept(), undefined)
    assert.equal((await rig().send(token, 'GET', path)).status, 404)
    assert.equal((await rig().send(token, 'DELETE', path)).status, 404)
    const actions = await withDistrict(rig().db, district.id, (trx) =>
      trx.selectFrom('auditLog').select('action').orderBy('id').execute(),
    )
    assert.deepEqual(
      actions.map(({ action }) => action).filter((action) => action.endsWith('Schedule')),
      ['setSchedule', 'setSchedule', 'pauseSchedule', 'setSchedule', 'resumeSchedule', 'removeSchedule'],
    )
  })

  it('is neither changed nor removed by whoever read it before somebody else changed it', async () => {
    const token = await rig().makeToken()
    const { path } = await makeFeed(token)
    await put(token, path)
    const early = (await rig().send(token, 'GET', path)).headers.get('etag') ?? ''
    // Time alone, and a schedule that Temporal has not heard of, change nothing that people set.
    assert.equal((await rig().send(token, 'GET', path)).headers.get('etag'), early)
    await put(token, path, { everyHours: 4 })
    const headers = { 'content-type': 'application/json', 'if-match': early }
    for (const method of ['PUT', 'DELETE']) {
      const init = method === 'PUT' ? { headers, body: JSON.stringify(nightly) } : { headers }
      const problem = await readAnswer<Problem>(await rig().send(token, method, path, init), 412)
      assert.equal(problem.code, 'CHANGED_SINCE')
      assert.ok(problem.changed?.includes('everyHours'), problem.detail)
    }
    const now = (await rig().send(token, 'GET', path)).headers.get('etag') ?? ''
    assert.equal((await rig().send(token, 'DELETE', path, { headers: { 'if-match': now } })).status, 204)
  })

  it('is refused for a connection that is not the one enabled, with the way out', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const enabled = await plantConnection(rig(), token, district)
    const settings = { source: { kind: 'folder', path: '.' } }
    const body = { connector: 'oneroster-csv', settings }
    const added = await rig().sendJson(token, 'POST', `/api/districts/${district.slug}/connections`, body)
    const other = await readAnswer<Connection>(added, 201)
    assert.deepEqual([other.enabledFor, other.takesUploads], [[], false])
    const path = (id: string) => `/api/connections/${id}/schedules/students`
    const refused = await rig().sendJson(token, 'PUT', path(other.id), nightly)
    const { detail } = await readAnswer<Problem>(refused, 409)
    assert.ok(detail.includes(`rollbook connection change ${enabled.id} --settings`), detail)
    assert.deepEqual((await rig().send(token, 'GET', path(other.id))).status, 404)

    // The way out works: the enabled one is given the source and then has its schedule.
    const noSource = await rig().sendJson(token, 'PUT', path(enabled.id), nightly)
    assert.match((await readAnswer<Problem>(noSource, 409)).detail, /names no source/)
    const changed = await rig().sendJson(token, 'PATCH', `/api/connections/${enabled.id}`, { settings })
    const { takesUploads, enabledFor } = await readAnswer<Connection>(changed)
    assert.deepEqual([takesUploads, enabledFor], [false, everyDataType])
    assert.equal((await put(token, path(enabled.id))).everyHours, 24)
  })

  it('names schools and days, which belong to the import configuration and stay when they are left out', async () => {
    const token = await rig().makeToken()
    const { district, path } = await makeFeed(token)
    const north = await withDistrict(rig().db, district.id, (trx) =>
      plantOrg(trx, district.id, { sourceKey: 'north', name: 'North' }),
    )
    const days = {
      schools: [north],
      blackouts: [{ from: '2026-12-20', to: '2027-01-03' }],
      additionsOnly: [{ from: '2027-08-01', to: '2027-09-15' }],
    }
    await put(token, path, { ...nightly, ...days })
    const { schools, blackouts, additionsOnly } = await put(token, path)
    assert.deepEqual({ schools, blackouts, additionsOnly }, days)
    assert.deepEqual((await put(token, path, { ...nightly, schools: 'all', blackouts: [] })).blackouts, [])
    const stranger = { ...nightly, schools: ['0198a000-0000-7000-8000-00000000dead'] }
    await readAnswer<Problem>(await rig().sendJson(token, 'PUT', path, stranger), 409)
  })

  it('is refused without its time, with days in the wrong order, or for a connection that takes uploads', async () => {
    const token = await rig().makeToken()
    const { path } = await makeFeed(token)
    for (const wrong of [
      { everyHours: 24 },
      { everyHours: 6 },
      { ...nightly, blackouts: [{ from: '2027-01-03', to: '2026-12-20' }] },
    ]) {
      assert.equal((await rig().sendJson(token, 'PUT', path, wrong)).status, 400)
    }
    const upload = await plantConnection(rig(), token, await rig().makeDistrict())
    const refused = await rig().sendJson(token, 'PUT', `/api/connections/${upload.id}/schedules/students`, nightly)
    assert.match((await readAnswer<Problem>(refused, 409)).detail, /names no source/)
  })

  it('needs the right to configure', async () => {
    const token = await rig().makeToken()
    const { district, path } = await makeFeed(token)
    const viewer = await rig().makeToken({ rights: ['view'], districtId: district.id })
    assert.equal((await rig().sendJson(viewer, 'PUT', path, nightly)).status, 403)
    await put(token, path)
    assert.equal((await rig().send(viewer, 'GET', path)).status, 200)
    assert.equal((await rig().sendJson(viewer, 'POST', `${path}/pause`, {})).status, 403)
  })

  it('that is set while Temporal is away comes into force when it is back', async () => {
    const token = await rig().makeToken()
    const { district, connection, path } = await makeFeed(token)
    rig().schedules.isUp = false
    assert.equal((await put(token, path)).isInForce, false)
    rig().schedules.isUp = true
    const stopping = new AbortController()
    const keeping = keepSchedules({ db: rig().db, schedules: rig().schedules, log: rig().log }, stopping.signal)
    afterTest(async () => {
      stopping.abort()
      await keeping
    })
    await until(() => rig().schedules.kept.has(`schedule/${district.slug}/students/${connection.id}`))
    await until(async () => (await readAnswer<Schedule>(await rig().send(token, 'GET', path))).isInForce)
  })

  it('says what it waits for, in its document, its log and the health of the connection', async () => {
    const token = await rig().makeToken()
    const { district, connection } = await makeFeed(token)
    const path = `/api/connections/${connection.id}/schedules/guardians`
    assert.deepEqual((await put(token, path)).waitsFor, ['students'])
    const key = { districtId: district.id, connectionId: connection.id, dataType: 'guardians' }
    await withDistrict(rig().db, district.id, (trx) =>
      insertFiring(trx, { ...key, dueAt: new Date(), outcome: 'notReady', waitsFor: ['students'] }),
    )
    const { items } = await readAnswer<Page<Firing>>(await rig().send(token, 'GET', `${path}/firings`))
    assert.deepEqual(
      items.map(({ outcome, waitsFor, runId, code }) => [outcome, waitsFor, runId, code]),
      [['notReady', ['students'], null, null]],
    )
    const health = await readAnswer<ConnectionHealth>(
      await rig().send(token, 'GET', `/api/connections/${connection.id}/health`),
    )
    assert.deepEqual([health.isHealthy, health.feeds[0]?.waitsFor], [true, ['students']])
  })

  it('has a log of what came of each time, page by page', async () => {
    const token = await rig().makeToken()
    const { district, connection, path } = await makeFeed(token)
    await put(token, path)
    const key = { districtId: district.id, connectionId: connection.id, dataType: 'students' }
    for (const hour of [1, 2, 3]) {
      const dueAt = new Date(Date.parse('2026-11-20T00:00:00Z') + hour * 3_600_000)
      await withDistrict(rig().db, district.id, (trx) => insertFiring(trx, { ...key, dueAt, outcome: 'noPackage' }))
    }
    const first = await readAnswer<Page<Firing>>(await rig().send(token, 'GET', `${path}/firings?limit=2`))
    const rest = await readAnswer<Page<Firing>>(
      await rig().send(token, 'GET', `${path}/firings?limit=2&cursor=${first.nextCursor ?? ''}`),
    )
    const dues = [...first.items, ...rest.items].map(({ dueAt }) => dueAt?.slice(11, 13))
    assert.deepEqual([dues, rest.nextCursor], [['03', '02', '01'], null])
    assert.match(first.items[0]?.outcomeText ?? '', /no package/)
  })
})

describe('a schedule for all data types of a connection', () => {
  it('is set, shown and removed as one of a single data type, and its days are those of each', async () => {
    const token = await rig().makeToken()
    const { district, connection, path: ofStudents } = await makeFeed(token)
    const path = `/api/connections/${connection.id}/schedules/all`
    const blackouts = [{ from: '2026-12-20', to: '2027-01-03' }]
    const made = await put(token, path, { ...nightly, blackouts })
    assert.deepEqual([made.dataType, made.blackouts, made.schools, made.waitsFor], ['all', blackouts, 'all', []])
    assert.equal(rig().schedules.kept.get(`schedule/${district.slug}/all/${connection.id}`)?.dataType, 'all')
    // It has them by its configuration, which both schedules work with.
    assert.deepEqual((await put(token, ofStudents)).blackouts, blackouts)
    const other = [{ from: '2027-04-01', to: '2027-04-09' }]
    await put(token, ofStudents, { ...nightly, blackouts: other })
    const shown = await readAnswer<Schedule>(await rig().send(token, 'GET', path))
    assert.deepEqual(shown.blackouts, [])
    const { items } = await readAnswer<{ items: Schedule[] }>(
      await rig().send(token, 'GET', `/api/schedules?district=${district.slug}`),
    )
    assert.deepEqual(items.map(({ dataType }) => dataType).sort(), ['all', 'students'])
    assert.equal((await rig().send(token, 'DELETE', path)).status, 204)
  })

  it('is refused for a connection that is enabled for none, with the way out', async () => {
    const token = await rig().makeToken()
    const { connection: enabled, district } = await makeFeed(token)
    const body = { connector: 'oneroster-csv', settings: { source: { kind: 'folder', path: '.' } } }
    const added = await rig().sendJson(token, 'POST', `/api/districts/${district.slug}/connections`, body)
    const { id } = await readAnswer<Connection>(added, 201)
    const refused = await rig().sendJson(token, 'PUT', `/api/connections/${id}/schedules/all`, nightly)
    assert.ok((await readAnswer<Problem>(refused, 409)).detail.includes(enabled.id))
  })

  it('names the import set that a start began', async () => {
    const token = await rig().makeToken()
    const { district, connection } = await makeFeed(token)
    const path = `/api/connections/${connection.id}/schedules/all`
    await put(token, path)
    const setId = '0198a000-0000-7000-8000-00000000005e'
    const key = { districtId: district.id, connectionId: connection.id, dataType: 'all' }
    await withDistrict(rig().db, district.id, (trx) =>
      insertFiring(trx, { ...key, dueAt: new Date(), outcome: 'started', setId }),
    )
    const { items } = await readAnswer<Page<Firing>>(await rig().send(token, 'GET', `${path}/firings`))
    assert.deepEqual([items[0]?.setId, items[0]?.runId], [setId, null])
    const health = await readAnswer<ConnectionHealth>(
      await rig().send(token, 'GET', `/api/connections/${connection.id}/health`),
    )
    assert.deepEqual(
      health.feeds.map(({ dataType, isLate }) => [dataType, isLate]),
      [['all', false]],
    )
  })
})

describe('a data type that is imported by hand', () => {
  it('has no schedule of its own, and can be started', async () => {
    const token = await rig().makeToken()
    const { connection } = await makeFeed(token)
    const path = `/api/connections/${connection.id}/schedules/courseCatalog`
    const refused = await readAnswer<Problem>(await rig().sendJson(token, 'PUT', path, nightly), 409)
    assert.match(refused.detail, /courseCatalog is imported by hand/)
    const body = { connection: connection.id, dataType: 'courseCatalog' }
    await readAnswer<RunDocument>(await rig().sendJson(token, 'POST', '/api/runs', body), 202)
  })
})

describe('the health of a connection', () => {
  it('tells of its feeds and of what asks for a person', async () => {
    const token = await rig().makeToken()
    const { district, connection, path } = await makeFeed(token)
    const read = async () =>
      await readAnswer<ConnectionHealth>(await rig().send(token, 'GET', `/api/connections/${connection.id}/health`))
    assert.deepEqual([(await read()).isHealthy, (await read()).feeds], [true, []])
    await put(token, path)
    await withDistrict(rig().db, district.id, (trx) =>
      openAlarm(trx, {
        ...{
          districtId: district.id,
          kind: 'feedLate',
          connectionId: connection.id,
          dataType: 'students',
          runId: null,
        },
        facts: { lastSeenAt: null },
        openedAt: new Date(),
      }),
    )
    const { isHealthy, alarms, feeds } = await read()
    assert.equal(isHealthy, false)
    assert.deepEqual(
      alarms.map(({ kind, facts }) => [kind, facts]),
      [['feedLate', { lastSeenAt: null }]],
    )
    assert.deepEqual([feeds[0]?.dataType, feeds[0]?.isLate, feeds[0]?.lastGoodEndAt], ['students', false, null])
  })
})

describe('a run of a connection with a source', () => {
  it('is started without an input, which it fetches itself', async () => {
    const token = await rig().makeToken()
    const { connection } = await makeFeed(token)
    const body = { connection: connection.id, dataType: 'students', test: true }
    const run = await readAnswer<RunDocument>(await rig().sendJson(token, 'POST', '/api/runs', body), 202)
    const started = rig().workflows.started.find(({ runId }) => runId === run.runId)
    assert.equal(started?.fetchesInput, true)
  })

  it('is an import set for all data types, which fetches what its runs share', async () => {
    const token = await rig().makeToken()
    const { connection, district } = await makeFeed(token)
    const body = { connection: connection.id, dataType: 'all' }
    const set = await readAnswer<ImportSet>(await rig().sendJson(token, 'POST', '/api/runs', body), 202)
    assert.deepEqual([set.input, set.connection, set.requestedBy, set.finished], [null, connection.id, 'tester', false])
    assert.equal(set.workflowId, `import-set/${district.slug}/${set.setId}`)
    assert.equal(rig().workflows.sets.find(({ setId }) => setId === set.setId)?.fetchesInput, true)
  })

  it('is refused for all data types where it takes uploads and had none', async () => {
    const token = await rig().makeToken()
    const upload = await plantConnection(rig(), token, await rig().makeDistrict())
    const body = { connection: upload.id, dataType: 'all' }
    const refused = await readAnswer<Problem>(await rig().sendJson(token, 'POST', '/api/runs', body), 409)
    assert.match(refused.detail, /has had none/)
  })

  it('is tested by looking, and the test says what is wrong', async () => {
    const token = await rig().makeToken()
    const { connection } = await makeFeed(token)
    const tested = await readAnswer<Connection>(
      await rig().sendJson(token, 'POST', `/api/connections/${connection.id}/test`, {}),
    )
    assert.deepEqual([tested.status, /folder is not there/.test(tested.statusReason ?? '')], ['failed', true])
  })
})
