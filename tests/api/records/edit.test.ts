import assert from 'node:assert/strict'
import type { z } from 'zod'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RecordDetail, RecordHistory } from '../../../api/contract/record.ts'
import { rights } from '../../../api/contract/rights.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'
import { plantStudents, recordId } from '../plant-records.ts'

const rig = useApiRig()
let counter = 500

async function plant() {
  const [token, district, id] = [await rig().makeToken(), await rig().makeDistrict(), recordId(counter++)]
  await plantStudents(rig(), district, [{ id, sisId: 'S-1', email: 'ada@source.org', customFields: { busLine: '7' } }])
  const path = `/api/districts/${district.slug}/records/students/${id}`
  const patch = (body: object, ifMatch?: string, as = token) =>
    rig().send(as, 'PATCH', path, {
      headers: { 'content-type': 'application/json', ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
      body: JSON.stringify(body),
    })
  return { token, district, id, path, patch, get: (as = token) => rig().send(as, 'GET', path) }
}

describe('one record', () => {
  it('comes with its version, and with where its values came from', async () => {
    const { get, id } = await plant()
    const response = await get()
    assert.equal(response.headers.get('etag'), '"1"')
    const detail: RecordDetail = await readAnswer(response)
    assert.equal(detail.recordId, id)
    assert.equal(detail.version, 1)
    assert.equal(detail.fields['schoolId'], 'org-7')
    assert.deepEqual([detail.keptFields, detail.aliases], [[], []])
    assert.equal(detail.origins['email']?.owner, null)
    assert.ok(detail.origins['email'].at)
    assert.equal(detail.origins['phone']?.at, null)
  })

  it('is not there for another district, under another data type, or without the right for values', async () => {
    const { get, token, id } = await plant()
    const other = await rig().makeDistrict()
    const path = (dataType: string) => `/api/districts/${other.slug}/records/${dataType}/${id}`
    await readAnswer<Problem>(await rig().send(token, 'GET', path('students')), 404)
    await readAnswer<Problem>(await rig().send(token, 'GET', path('staff')), 404)
    assert.equal((await get(await rig().makeToken({ rights: ['view'] }))).status, 403)
  })
})

describe("a person's edit of a record", () => {
  it('changes fields, says who did it in the history and the audit log, and gives the next version', async () => {
    const { patch, path, token, district, id } = await plant()
    const change = { fields: { preferredName: ' Tad ', classYear: 2029, email: null }, customFields: { busLine: '9' } }
    const response = await patch(change, '"1"')
    const detail: RecordDetail = await readAnswer(response)
    assert.equal(response.headers.get('etag'), '"2"')
    const { preferredName, classYear, email } = detail.fields
    assert.deepEqual([preferredName, classYear, email, detail.customFields], ['Tad', 2029, null, { busLine: '9' }])
    assert.deepEqual(detail.keptFields, ['classYear', 'customFields.busLine', 'email', 'preferredName'])
    assert.deepEqual([detail.origins['email']?.owner, detail.origins['email']?.by], ['person', 'tester'])

    const history = await readAnswer<z.infer<typeof RecordHistory>>(await rig().send(token, 'GET', `${path}/history`))
    const last = history.items.at(-1)
    assert.deepEqual([last?.action, last?.by], ['edit', 'tester'])
    assert.deepEqual(last?.changes?.['preferredName'], { old: null, new: 'Tad' })
    assert.deepEqual(last.fields, ['classYear', 'customFields.busLine', 'email', 'preferredName'])

    const audit = await withDistrict(rig().db, district.id, (trx) =>
      trx.selectFrom('auditLog').select(['actor', 'subject']).where('action', '=', 'editRecord').execute(),
    )
    assert.equal(audit[0]?.actor, 'tester')
    assert.deepEqual(audit[0].subject, {
      ...{ dataType: 'students', recordId: id, version: 2, gaveBack: [] },
      fields: ['preferredName', 'classYear', 'email', 'busLine'],
    })
  })

  it('gives fields back, and refuses to give back what nobody keeps', async () => {
    const { patch } = await plant()
    await readAnswer(await patch({ fields: { phone: '555-0100', homeroom: '1A' } }, '"1"'))
    const detail: RecordDetail = await readAnswer(await patch({ giveBack: ['phone'] }, '"2"'))
    assert.deepEqual(detail.keptFields, ['homeroom'])
    assert.equal(detail.fields['phone'], '555-0100')
    for (const body of [{ giveBack: ['email'] }, { fields: { homeroom: '2B' }, giveBack: ['homeroom'] }]) {
      const { code } = await readAnswer<Problem>(await patch(body, '*'), 422)
      assert.equal(code, 'RECORD_INVALID')
    }
  })

  it('is refused without the version, and with an old one, with who changed what since', async () => {
    const { patch, get } = await plant()
    assert.equal((await readAnswer<Problem>(await patch({ fields: { phone: '1' } }), 428)).code, 'CONDITION_MISSING')
    await readAnswer<Problem>(await patch({ fields: { phone: '1' } }, 'one'), 400)
    await readAnswer(await patch({ fields: { phone: '555-0101' } }, '"1"'))
    const problem = await readAnswer<Problem>(await patch({ fields: { phone: '555-0102' } }, '"1"'), 412)
    assert.equal(problem.code, 'CHANGED_SINCE')
    assert.equal(problem.etag, '"2"')
    assert.deepEqual(
      problem.changes?.map(({ fields, by, runId }) => ({ fields, by, runId })),
      [{ fields: ['phone'], by: 'tester', runId: null }],
    )
    assert.doesNotMatch(JSON.stringify(problem), /555/)
    assert.equal((await readAnswer<RecordDetail>(await get())).fields['phone'], '555-0101')
  })

  it('of two at once lets one through', async () => {
    const { patch } = await plant()
    const answers = await Promise.all(['1', '2', '3'].map((phone) => patch({ fields: { phone } }, '"1"')))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412])
  })

  it('is refused whole, with a message for each field', async () => {
    const { patch, get } = await plant()
    const body = {
      fields: { phone: '555-0100', birthDate: 'Zebra', sex: 'Zebra', sisId: 'x', schoolId: 'org-8', familyName: null },
      customFields: { shoeSize: '7' },
    }
    const problem = await readAnswer<Problem>(await patch(body, '"1"'), 422)
    assert.deepEqual(
      problem.errors?.map(({ path }) => path),
      ['fields.birthDate', 'fields.sex', 'fields.sisId', 'fields.familyName', 'customFields.shoeSize'],
    )
    assert.doesNotMatch(JSON.stringify(problem), /Zebra/)
    const lost = await readAnswer<Problem>(await patch({ fields: { schoolId: 'org-8' } }, '"1"'), 422)
    assert.deepEqual(lost.errors, [{ path: 'fields.schoolId', message: 'nothing is held under this key' }])
    await readAnswer<Problem>(await patch({}, '"1"'), 400)
    assert.equal((await readAnswer<RecordDetail>(await get())).version, 1)
  })

  it('needs the rights to configure and to see values', async () => {
    const { patch } = await plant()
    for (const missing of ['configure', 'viewValues'] as const) {
      const token = await rig().makeToken({ rights: rights.filter((right) => right !== missing) })
      assert.equal((await patch({ fields: { phone: '1' } }, '"1"', token)).status, 403, missing)
    }
  })
})
