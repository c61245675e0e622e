import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Configuration } from '../../../api/contract/configuration.ts'
import type { Connection } from '../../../api/contract/connection.ts'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { startQueuedRuns } from '../../../api/import/start-queued-runs.ts'
import { withDistrict } from '../../../db/database.ts'
import { findRun } from '../../../db/import/runs.ts'
import { until } from '../../harness/until.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'
import { plantConnection } from './plant-run.ts'

const rig = useApiRig()

function upload(
  token: string,
  { slug }: TestDistrict,
  body: string | Buffer<ArrayBuffer>,
  {
    dataType = 'students',
    query = '',
    headers = {},
  }: { dataType?: string; query?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const path = `/api/districts/${slug}/imports?dataType=${dataType}${query}`
  const init = { headers: { 'content-type': 'application/zip', ...headers }, body }
  return rig().send(token, 'POST', path, init)
}

describe('an upload', () => {
  it('is archived by its content and queued as a run whose workflow is started', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const bytes = randomBytes(3_000_000)
    const run = await readAnswer<RunDocument>(await upload(token, district, bytes, { query: '&test=true' }), 202)
    assert.equal(run.state, 'queued')
    assert.equal(run.test, true)
    assert.equal(run.district, district.slug)
    assert.equal(run.workflowId, `import/${district.slug}/students/${run.runId}`)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    assert.deepEqual(run.input, { sha256, bytes: 3_000_000 })
    const started = rig().workflows.started.find(({ runId }) => runId === run.runId)
    assert.equal(started?.workflowId, run.workflowId)
    assert.equal(started.isTest, true)
  })

  it('makes one connection with the default mapping on a new district, even when two come at once', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const answers = await Promise.all([upload(token, district, 'one'), upload(token, district, 'two')])
    const runs = await Promise.all(answers.map((answer) => readAnswer<RunDocument>(answer, 202)))
    assert.equal(runs[0]?.connection, runs[1]?.connection)
    const list = await rig().send(token, 'GET', `/api/connections?district=${district.slug}`)
    assert.equal((await readAnswer<Page<Connection>>(list)).items.length, 1)
    const path = `/api/connections/${runs[0]?.connection}/configurations/students`
    const configuration = await readAnswer<Configuration>(await rig().send(token, 'GET', path))
    assert.ok(Object.keys(configuration.mapping.fields).includes('givenName'))
  })

  it('runs once for one idempotency key', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const headers = { 'idempotency-key': 'nightly-2026-11-22' }
    const first = await readAnswer<RunDocument>(await upload(token, district, 'bytes', { headers }), 202)
    const second = await readAnswer<RunDocument>(await upload(token, district, 'bytes', { headers }), 200)
    assert.equal(second.runId, first.runId)
    const list = await rig().send(token, 'GET', `/api/runs?district=${district.slug}`)
    assert.equal((await readAnswer<Page<RunDocument>>(list)).items.length, 1)
  })

  it('is refused when its idempotency key started something else', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const headers = { 'idempotency-key': 'nightly' }
    const first = await readAnswer<RunDocument>(await upload(token, district, 'bytes', { headers }), 202)
    const others = [
      upload(token, district, 'other bytes', { headers }),
      upload(token, district, 'bytes', { headers, query: '&test=true' }),
      upload(token, district, 'bytes', { headers, query: '&approveHold=true' }),
      upload(token, district, 'bytes', { headers, query: `&connection=${district.id}` }),
    ]
    for (const answer of others) {
      const problem = await readAnswer<Problem>(await answer, 409)
      assert.equal(problem.code, 'IDEMPOTENCY_KEY_REUSED')
      assert.ok(problem.detail.includes(first.runId))
    }
    const named = { headers, query: `&connection=${first.connection}&fileName=again.zip` }
    assert.equal((await readAnswer<RunDocument>(await upload(token, district, 'bytes', named))).runId, first.runId)
  })

  it('is refused for all data types when its idempotency key started a run, and the other way round', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    for (const [first, second] of [
      ['students', 'all'],
      ['all', 'students'],
    ] as const) {
      const headers = { 'idempotency-key': `${first} before ${second}` }
      await readAnswer(await upload(token, district, 'bytes', { dataType: first, headers }), 202)
      await readAnswer(await upload(token, district, 'bytes', { dataType: first, headers }), 200)
      const refused = await upload(token, district, 'bytes', { dataType: second, headers })
      assert.equal((await readAnswer<Problem>(refused, 409)).code, 'IDEMPOTENCY_KEY_REUSED')
    }
  })

  it('for all data types is refused when two that are not the same come at once with one idempotency key', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const options = { dataType: 'all', headers: { 'idempotency-key': 'at once' } }
    const answers = await Promise.all(['one', 'two'].map((body) => upload(token, district, body, options)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409])
  })

  it('is refused when two that are not the same come at once with one idempotency key', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const headers = { 'idempotency-key': 'at once' }
    const answers = await Promise.all(['one', 'two'].map((body) => upload(token, district, body, { headers })))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409])
  })

  it('is refused when it is too large, or for a data type that is not known', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const huge = { headers: { 'content-length': '1000000001' } }
    assert.equal((await readAnswer<Problem>(await upload(token, district, 'x', huge), 413)).code, 'INPUT_TOO_LARGE')
    const unknown = await rig().send(token, 'POST', `/api/districts/${district.slug}/imports?dataType=unicorns`, {
      body: 'x',
    })
    assert.match((await readAnswer<Problem>(unknown, 400)).detail, /students/)
    const kept = await withDistrict(rig().db, district.id, (trx) =>
      trx.selectFrom('archivedFiles').select('id').where('isComplete', '=', true).execute(),
    )
    assert.deepEqual(kept, [])
  })

  it('may have no byte at all: the run says what is wrong with it', async () => {
    const token = await rig().makeToken()
    const run = await readAnswer<RunDocument>(await upload(token, await rig().makeDistrict(), ''), 202)
    assert.equal(run.input.bytes, 0)
  })

  it('is refused for a connection that is not enabled, unless it is a test', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    await plantConnection(rig(), token, district)
    const second = await plantConnection(rig(), token, district)
    const query = `&connection=${second.id}`
    await readAnswer(await upload(token, district, 'x', { query }), 409)
    await readAnswer(await upload(token, district, 'x', { query: `${query}&test` }), 202)
  })

  it('stays queued while Temporal is away and is started when it is back', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    rig().workflows.isUp = false
    const run = await readAnswer<RunDocument>(await upload(token, district, 'x'), 202)
    rig().workflows.isUp = true
    assert.equal(
      rig().workflows.started.some(({ runId }) => runId === run.runId),
      false,
    )
    const stop = new AbortController()
    const parts = { db: rig().db, workflows: rig().workflows, log: rig().log }
    const restarts = startQueuedRuns(parts, stop.signal, { pauseMs: 10, minAgeMs: 0 })
    await until(() => rig().workflows.started.some(({ runId }) => runId === run.runId))
    stop.abort()
    await restarts
  })
})

describe('a rerun', () => {
  it('is a new run of the same archived input', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const first = await readAnswer<RunDocument>(await upload(token, district, 'bytes'), 202)
    const again = await readAnswer<RunDocument>(
      await rig().sendJson(token, 'POST', `/api/runs/${first.runId}/rerun`, {}),
      202,
    )
    assert.notEqual(again.runId, first.runId)
    assert.equal(again.rerunOf, first.runId)
    assert.deepEqual(again.input, first.input)
    const started = await readAnswer<RunDocument>(
      await rig().sendJson(token, 'POST', '/api/runs', { connection: first.connection, dataType: 'students' }),
      202,
    )
    assert.deepEqual(started.input, first.input)
  })

  it("works with today's mapping, or with the mapping of then", async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const first = await readAnswer<RunDocument>(await upload(token, district, 'bytes'), 202)
    const rerun = (body: unknown) => rig().sendJson(token, 'POST', `/api/runs/${first.runId}/rerun`, body)
    const early = await readAnswer<Problem>(await rerun({ mapping: 'then' }), 409)
    assert.match(early.detail, /before it had a mapping/)
    const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
      withDistrict(rig().db, district.id, work)
    const { id: mappingVersionId } = await inDistrict((trx) =>
      trx.selectFrom('mappingVersions').select('id').executeTakeFirstOrThrow(),
    )
    await inDistrict((trx) =>
      trx.updateTable('importRuns').set({ mappingVersionId }).where('id', '=', first.runId).execute(),
    )
    const versionOf = async (body: unknown) => {
      const { runId } = await readAnswer<RunDocument>(await rerun(body), 202)
      return (await inDistrict((trx) => findRun(trx, runId)))?.mappingVersionId
    }
    assert.equal(await versionOf({ mapping: 'then' }), mappingVersionId)
    // Chosen when it opens, from what is configured then.
    assert.equal(await versionOf({ mapping: 'today' }), null)
    assert.equal(await versionOf({}), null)
  })

  it('is refused when the input is no longer kept', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const run = await readAnswer<RunDocument>(await upload(token, district, 'bytes'), 202)
    await withDistrict(rig().db, district.id, (trx) => trx.deleteFrom('archivedFiles').execute())
    const problem = await readAnswer<Problem>(
      await rig().sendJson(token, 'POST', `/api/runs/${run.runId}/rerun`, {}),
      410,
    )
    assert.equal(problem.code, 'INPUT_MISSING')
    await readAnswer(
      await rig().sendJson(token, 'POST', '/api/runs', { connection: run.connection, dataType: 'students' }),
      409,
    )
  })
})
