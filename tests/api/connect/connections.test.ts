import assert from 'node:assert/strict'
import type { Configuration } from '../../../api/contract/configuration.ts'
import type { Connection } from '../../../api/contract/connection.ts'
import type { District } from '../../../api/contract/district.ts'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'
import { plantConnection, plantRun } from '../import/plant-run.ts'
import { dataTypes } from '../../../domain/data-types/registry.ts'

const everyDataType = dataTypes.map(({ name }) => name).sort()

const rig = useApiRig()

describe('districts', () => {
  it('are added once and listed by name, page by page', async () => {
    const token = await rig().makeToken()
    for (const slug of ['b-county', 'a-county', 'c-county']) {
      const body = { slug, name: slug, timeZone: 'America/Chicago' }
      assert.equal(
        (await readAnswer<District>(await rig().sendJson(token, 'POST', '/api/districts', body), 201)).slug,
        slug,
      )
    }
    const again = await rig().sendJson(token, 'POST', '/api/districts', { slug: 'a-county', name: 'x' })
    assert.equal((await readAnswer<Problem>(again, 409)).code, 'CONFLICT')

    const first = await readAnswer<Page<District>>(await rig().send(token, 'GET', '/api/districts?limit=2'))
    const rest = await readAnswer<Page<District>>(
      await rig().send(token, 'GET', `/api/districts?limit=2&cursor=${first.nextCursor}`),
    )
    const slugs = [...first.items, ...rest.items].map(({ slug }) => slug)
    assert.deepEqual(slugs, ['a-county', 'b-county', 'c-county'])
    assert.equal(rest.nextCursor, null)
  })

  it('are refused with the places that are wrong', async () => {
    const token = await rig().makeToken()
    const body = { slug: 'Not A Slug', name: '', timeZone: 'UTC' }
    const problem = await readAnswer<Problem>(await rig().sendJson(token, 'POST', '/api/districts', body), 400)
    assert.deepEqual(
      problem.errors?.map(({ path }) => path),
      ['slug', 'name'],
    )
    const moon = { slug: 'moon', name: 'Moon', timeZone: 'Moon/Base' }
    await readAnswer(await rig().sendJson(token, 'POST', '/api/districts', moon), 400)
  })
})

describe('a connection', () => {
  it('is refused where its settings can be known to lead nowhere', async () => {
    const token = await rig().makeToken()
    const { slug } = await rig().makeDistrict()
    const sftp = { kind: 'sftp', username: 'u', password: 'p', hostKeys: [`SHA256:${'a'.repeat(43)}`] }
    const add = (source: object) =>
      rig().sendJson(token, 'POST', `/api/districts/${slug}/connections`, {
        connector: 'oneroster-csv',
        settings: { source },
      })
    for (const [source, why] of [
      [{ kind: 'folder', path: '../other-county' }, /not beneath/],
      [{ kind: 'folder', path: '/etc' }, /not beneath/],
      [{ ...sftp, host: '127.0.0.1' }, /ROLLBOOK_PRIVATE_HOSTS/],
    ] as const) {
      const problem = await readAnswer<Problem>(await add(source), 422)
      assert.equal(problem.code, 'SETTINGS_INVALID')
      assert.match(problem.detail, why)
    }
    await readAnswer(await add({ kind: 'folder', path: 'made-later' }), 201)
    await readAnswer(await add({ ...sftp, host: 'sftp.lincoln.example' }), 201)
  })

  it('is added with sealed settings that no answer shows, and can be tested', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const path = `/api/districts/${district.slug}/connections`
    const added = await rig().sendJson(token, 'POST', path, {
      connector: 'oneroster-csv',
      settings: { profile: 'strict', allowWindows1252: true },
    })
    const connection = await readAnswer<Connection>(added, 201)
    assert.equal(connection.status, 'notConfigured')
    assert.equal(JSON.stringify(connection).includes('Windows1252'), false)

    const stored = await withDistrict(rig().db, district.id, (trx) =>
      trx.selectFrom('connections').select(['settingsSealed', 'keyId']).executeTakeFirstOrThrow(),
    )
    assert.equal(stored.keyId, 'test-key')
    assert.equal(stored.settingsSealed.includes('Windows1252'), false)

    const tested = await rig().sendJson(token, 'POST', `/api/connections/${connection.id}/test`, {})
    const { status, checkedAt } = await readAnswer<Connection>(tested)
    assert.equal(status, 'connected')
    assert.notEqual(checkedAt, null)
    const list = await readAnswer<Page<Connection>>(
      await rig().send(token, 'GET', `/api/connections?district=${district.slug}`),
    )
    assert.deepEqual(
      list.items.map(({ id, status }) => [id, status]),
      [[connection.id, 'connected']],
    )
  })

  it('is given other settings and another name, keeps what it imports, and is to be tried again', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const { id } = await plantConnection(rig(), token, district)
    await rig().sendJson(token, 'POST', `/api/connections/${id}/test`, {})
    const change = (body: unknown, as = token) => rig().sendJson(as, 'PATCH', `/api/connections/${id}`, body)
    const source = { kind: 'folder', path: 'in' }
    const changed = await readAnswer<Connection>(await change({ settings: { source }, name: 'Nightly' }))
    assert.deepEqual(
      [changed.name, changed.status, changed.takesUploads, changed.enabledFor],
      ['Nightly', 'notConfigured', false, everyDataType],
    )
    const wrong = await readAnswer<Problem>(await change({ settings: { source: { kind: 'ftp' } } }), 422)
    assert.deepEqual(wrong.errors, [{ path: 'source.kind', message: 'write "folder" or "sftp"' }])
    const empty = await readAnswer<Problem>(await change({}), 400)
    assert.match(JSON.stringify(empty.errors), /write settings, a name, or both/)
    const viewer = await rig().makeToken({ rights: ['view'] })
    await readAnswer(await change({ name: 'x' }, viewer), 403)
    const stranger = await rig().makeToken({ districtId: (await rig().makeDistrict()).id })
    await readAnswer(await change({ name: 'x' }, stranger), 404)
    const renamed = await readAnswer<Connection>(await change({ name: 'Daily' }))
    assert.deepEqual([renamed.name, renamed.takesUploads], ['Daily', false])
  })

  it('of an earlier release starts nothing until a worker has looked whether it asks a source', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const { id } = await plantConnection(rig(), token, district)
    const set = (fetchesInput: boolean | null) =>
      withDistrict(rig().db, district.id, (trx) =>
        trx.updateTable('connections').set({ fetchesInput }).where('id', '=', id).execute(),
      )
    const start = () => rig().sendJson(token, 'POST', '/api/runs', { connection: id, dataType: 'students' })
    await set(null)
    assert.equal((await readAnswer<Problem>(await start(), 503)).code, 'WORKERS_UNAVAILABLE')
    const schedule = `/api/connections/${id}/schedules/students`
    const planned = await rig().sendJson(token, 'PUT', schedule, { everyHours: 24, at: '02:00' })
    assert.equal((await readAnswer<Problem>(planned, 503)).code, 'WORKERS_UNAVAILABLE')
    await set(true)
    await readAnswer(await start(), 202)
  })

  it('tells when it last imported, tests and undos aside', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const { id, lastImportAt } = await plantConnection(rig(), token, district)
    assert.equal(lastImportAt, null)
    const run = await plantRun(rig(), district, id)
    const test = await plantRun(rig(), district, id)
    await withDistrict(rig().db, district.id, (trx) =>
      trx
        .updateTable('importRuns')
        .set({ isTest: true, createdAt: new Date(Date.now() + 5000) })
        .where('id', '=', test.id)
        .execute(),
    )
    const list = await rig().send(token, 'GET', `/api/connections?district=${district.slug}`)
    const [seen] = (await readAnswer<Page<Connection>>(list)).items
    assert.deepEqual([seen?.takesUploads, seen?.lastImportAt], [true, run.createdAt.toISOString()])
  })

  it('is refused for a connector that is not known, or settings it does not take, without repeating a value', async () => {
    const token = await rig().makeToken()
    const { slug } = await rig().makeDistrict()
    const path = `/api/districts/${slug}/connections`
    const unknown = await rig().sendJson(token, 'POST', path, { connector: 'carrier-pigeon', settings: {} })
    assert.match((await readAnswer<Problem>(unknown, 400)).detail, /oneroster-csv/)
    const wrong = { connector: 'oneroster-csv', settings: { profile: 'my-password' } }
    const problem = await readAnswer<Problem>(await rig().sendJson(token, 'POST', path, wrong), 422)
    assert.equal(problem.code, 'SETTINGS_INVALID')
    assert.equal(problem.errors?.[0]?.path, 'profile')
    assert.equal(JSON.stringify(problem).includes('my-password'), false)
  })

  it("brings the connector's mapping, and only the first one of a data type is enabled", async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const first = await plantConnection(rig(), token, district)
    const second = await plantConnection(rig(), token, district)
    const show = async (id: string) =>
      await readAnswer<Configuration>(await rig().send(token, 'GET', `/api/connections/${id}/configurations/students`))
    const configuration = await show(first.id)
    assert.equal(configuration.mappingVersion, 1)
    assert.deepEqual(configuration.mapping.fields['sourceKey'], { from: 'users.sourcedId' })
    assert.deepEqual([configuration.isEnabled, (await show(second.id)).isEnabled], [true, false])
  })
})
