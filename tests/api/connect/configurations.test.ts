import assert from 'node:assert/strict'
import type {
  Configuration,
  ConfigurationComparison,
  ConfigurationDraft,
  ConfigurationLint,
  ConfigurationVersion,
  PutDraft,
  StartedConfiguration,
} from '../../../api/contract/configuration.ts'
import type { Connection } from '../../../api/contract/connection.ts'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()
const watched = { source: { kind: 'folder', path: '.' } }

/** A connection of a district of its own, and how its configuration of students is asked for. */
async function makeConfigured(dataType = 'students', settings: object = {}) {
  const token = await rig().makeToken()
  const district = await rig().makeDistrict()
  const body = { connector: 'oneroster-csv', settings }
  const added = await rig().sendJson(token, 'POST', `/api/districts/${district.slug}/connections`, body)
  const connection = await readAnswer<Connection>(added, 201)
  const path = `/api/connections/${connection.id}/configurations/${dataType}`
  const get = async <Answer>(rest = '', status = 200) =>
    await readAnswer<Answer>(await rig().send(token, 'GET', `${path}${rest}`), status)
  const put = (draft: PutDraft, ifMatch?: string) =>
    rig().send(token, 'PUT', `${path}/draft`, {
      headers: { 'content-type': 'application/json', ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
      body: JSON.stringify(draft),
    })
  const post = (rest: string, json: unknown = {}) => rig().sendJson(token, 'POST', `${path}${rest}`, json)
  const readDraft = () => get<ConfigurationDraft>('/draft')
  /** Saves what the change makes of the draft as it is. */
  const save = async (change: (draft: ConfigurationDraft) => Partial<PutDraft>) => {
    const draft = await readDraft()
    const { mapping, settings } = draft
    return await readAnswer<ConfigurationDraft>(await put({ mapping, settings, ...change(draft) }, draft.etag))
  }
  return { token, district, connection, path, get, put, post, readDraft, save }
}

const withCustom = ({ mapping }: ConfigurationDraft) => ({
  mapping: { ...mapping, customFields: { lunch: 'users.metadata.lunch' } },
})

describe('the draft of a configuration', () => {
  it('begins as the version in force, and is saved unfinished', async () => {
    const { get, save, readDraft } = await makeConfigured()
    const first = await readDraft()
    const inForce = await get<Configuration>()
    assert.deepEqual([first.revision, first.basedOn, first.mapping], [0, 1, inForce.mapping])
    const saved = await save(({ mapping }) => ({
      mapping: { ...mapping, fields: { ...mapping.fields, email: null, familyName: null } },
      settings: { schools: [] },
    }))
    assert.deepEqual([saved.revision, saved.updatedBy], [1, 'tester'])
    assert.deepEqual((await get<Configuration>()).mappingVersion, 1)
    const { isClean, findings } = await get<ConfigurationLint>('/draft/lint')
    assert.equal(isClean, false)
    assert.deepEqual(
      findings.map(({ step, field, severity }) => [step, field, severity]),
      [
        ['matchFields', 'email', 'error'],
        ['matchFields', 'familyName', 'error'],
        ['syncSettings', 'schools', 'error'],
      ],
    )
  })

  it('tells the second of two who edit it what the first one changed', async () => {
    const { put, save, readDraft } = await makeConfigured()
    const before = await readDraft()
    assert.equal((await readAnswer<Problem>(await put(asEdited(before)), 428)).code, 'CONDITION_MISSING')
    await save(withCustom)
    const problem = await readAnswer<Problem>(await put(asEdited(before), before.etag), 412)
    assert.equal(problem.code, 'CHANGED_SINCE')
    assert.match(problem.detail, /tester changed it meanwhile/)
    assert.deepEqual(
      problem.errors?.map(({ path }) => path),
      ['matchFields lunch'],
    )
  })

  it('is thrown away, and is another one afterwards', async () => {
    const { token, path, put, save, readDraft } = await makeConfigured()
    const { etag } = await save(withCustom)
    const response = await rig().send(token, 'DELETE', `${path}/draft`, { headers: { 'if-match': etag } })
    assert.equal(response.status, 204)
    assert.equal((await readDraft()).revision, 0)
    const { mapping, settings } = await save(withCustom)
    await readAnswer<Problem>(await put({ mapping, settings }, etag), 412)
  })

  it('takes no text that the database does not keep', async () => {
    const { put, readDraft } = await makeConfigured()
    const { mapping, settings, etag } = await readDraft()
    await readAnswer<Problem>(await put({ mapping, settings: { ...settings, note: 'a\u0000' } }, etag), 400)
  })
})

describe('starting a configuration', () => {
  it('is refused while something is missing, and puts the draft into force afterwards', async () => {
    const { get, post, save, readDraft } = await makeConfigured()
    await save(({ mapping }) => ({ mapping: { ...mapping, fields: { ...mapping.fields, email: null } } }))
    const refused = await readAnswer<Problem>(await post('/start'), 422)
    assert.deepEqual([refused.code, refused.errors?.[0]?.path], ['CONFIGURATION_INVALID', 'matchFields.email'])
    await save(({ mapping }) => ({
      mapping: { ...mapping, fields: { ...mapping.fields, email: { from: 'users.email' } } },
      settings: { overwriteWithBlank: true },
    }))
    const started = await readAnswer<StartedConfiguration>(await post('/start'))
    assert.deepEqual(
      [started.configuration.mappingVersion, started.configuration.settings.overwriteWithBlank, started.run],
      [2, true, null],
    )
    assert.match(started.reason ?? '', /takes uploads and has had none/)
    assert.equal((await readDraft()).revision, 0)

    const again = await readAnswer<StartedConfiguration>(await post('/start'))
    assert.equal(again.configuration.mappingVersion, 2)
    const versions = await get<Page<ConfigurationVersion>>('/versions')
    assert.deepEqual(
      versions.items.map(({ version, isInForce }) => [version, isInForce]),
      [
        [2, true],
        [1, false],
      ],
    )
  })

  it('is refused for a data type whose prerequisite never completed', async () => {
    const { post } = await makeConfigured('enrollments')
    assert.equal((await readAnswer<Problem>(await post('/start'), 409)).code, 'PREREQUISITE_MISSING')
  })

  it('is refused while another connection is enabled, and possible once that is off', async () => {
    const one = await makeConfigured()
    const body = { connector: 'oneroster-csv', settings: {}, name: 'other' }
    const added = await rig().sendJson(one.token, 'POST', `/api/districts/${one.district.slug}/connections`, body)
    const other = await readAnswer<Connection>(added, 201)
    const path = `/api/connections/${other.id}/configurations/students`
    const refused = await readAnswer<Problem>(await rig().sendJson(one.token, 'POST', `${path}/start`, {}), 409)
    assert.match(refused.detail, new RegExp(one.connection.id))
    assert.equal((await readAnswer<Configuration>(await one.post('/disable'))).isEnabled, false)
    const started = await rig().sendJson(one.token, 'POST', `${path}/start`, {})
    assert.equal((await readAnswer<StartedConfiguration>(started)).configuration.isEnabled, true)
  })
})

describe('the versions of a configuration', () => {
  it('are compared field by field, and an old one is brought back as a draft', async () => {
    const { token, path, get, post, save, readDraft } = await makeConfigured()
    await save((draft) => ({ ...withCustom(draft), settings: { overwriteWithBlank: true } }))
    await readAnswer(await post('/start'))
    const { differences } = await get<ConfigurationComparison>('/compare?from=1&to=2')
    assert.deepEqual(
      differences.map(({ step, field, before, after }) => [step, field, before, after]),
      [
        ['matchFields', 'lunch', null, 'users.metadata.lunch'],
        ['syncSettings', 'overwriteWithBlank', false, true],
      ],
    )
    assert.equal((await post('/versions/1/bring-back')).status, 204)
    const draft = await readDraft()
    assert.deepEqual([draft.basedOn, draft.mapping.customFields], [1, {}])
    assert.deepEqual((await get<ConfigurationComparison>('/compare?from=1')).differences, [])
    // Nothing of what somebody is at is lost by accident.
    await readAnswer<Problem>(await post('/versions/2/bring-back'), 428)
    await readAnswer<Problem>(await post('/versions/9/bring-back'), 404)
    const put = { mapping: draft.mapping, settings: draft.settings }
    const direct = await readAnswer<Configuration>(await rig().sendJson(token, 'PUT', path, put))
    assert.equal(direct.mappingVersion, 3)
  })
})

describe('a test import of a draft', () => {
  it('keeps the draft of that moment, and leaves no version behind', async () => {
    const { token, district, connection, get, post, save } = await makeConfigured('students', watched)
    const body = { connection: connection.id, dataType: 'students', draft: true }
    const start = (rest: object) => rig().sendJson(token, 'POST', '/api/runs', { ...body, ...rest })
    await readAnswer<Problem>(await start({}), 400)
    await readAnswer<Problem>(await start({ test: true }), 404)
    await save((draft) => ({ ...withCustom(draft), settings: { overwriteWithBlank: true } }))
    const run = await readAnswer<RunDocument>(await start({ test: true }), 202)
    const used = await withDistrict(rig().db, district.id, (trx) =>
      trx
        .selectFrom('importRuns')
        .innerJoin('mappingVersions', 'mappingVersions.id', 'importRuns.mappingVersionId')
        .select(['version', 'settings'])
        .where('importRuns.id', '=', run.runId)
        .executeTakeFirstOrThrow(),
    )
    assert.deepEqual([used.version, used.settings.overwriteWithBlank], [null, true])
    assert.equal((await get<Page<ConfigurationVersion>>('/versions')).items.length, 1)
    const started = await readAnswer<StartedConfiguration>(await post('/start'))
    assert.deepEqual([started.run?.dataType, started.run?.test, started.reason], ['students', false, null])
  })
})

describe('starting a configuration of fields', () => {
  it('goes beside the connection that brings the records, as often as it is changed', async () => {
    const { token, district, get } = await makeConfigured()
    const columns = { sisId: 'Student ID', homeroom: 'Room' }
    const body = { connector: 'csv', settings: { mappings: { students: { matchBy: 'sisId', columns } } } }
    const added = await rig().sendJson(token, 'POST', `/api/districts/${district.slug}/connections`, body)
    const { id } = await readAnswer<Connection>(added, 201)
    const path = `/api/connections/${id}/configurations/students`
    const { mapping, settings } = await readAnswer<Configuration>(await rig().send(token, 'GET', path))
    await readAnswer(await rig().sendJson(token, 'POST', `${path}/disable`, {}))
    const put = await rig().sendJson(token, 'PUT', path, {
      mapping,
      settings: { ...settings, overwriteWithBlank: true },
    })
    await readAnswer(put)
    const started = await readAnswer<StartedConfiguration>(await rig().sendJson(token, 'POST', `${path}/start`, {}))
    assert.equal(started.configuration.isEnabled, true)
    assert.equal((await get<Configuration>()).isEnabled, true)
  })
})

describe('resetting a configuration', () => {
  it('asks for the district, switches off, and goes back to what the connector ships', async () => {
    const { district, get, post, save } = await makeConfigured()
    const shipped = await get<Configuration>()
    await save(withCustom)
    await readAnswer(await post('/start'))
    await readAnswer<Problem>(await post('/reset', { district: 'another' }), 409)
    const reset = await readAnswer<Configuration>(await post('/reset', { district: district.slug }))
    assert.deepEqual([reset.isEnabled, reset.mapping, reset.mappingVersion], [false, shipped.mapping, 3])
  })
})

function asEdited({ mapping, settings }: ConfigurationDraft): PutDraft {
  return { mapping, settings }
}
