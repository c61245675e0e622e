import assert from 'node:assert/strict'
import type { Connection } from '../../../api/contract/connection.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { SchoolMatching } from '../../../api/contract/school.ts'
import { withDistrict } from '../../../db/database.ts'
import { noteSourceSchools, type IncomingOrg } from '../../../db/records/source-schools.ts'
import { plantOrg } from '../../fixtures/plant-org.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'

const rig = useApiRig()

const org = (sourceKey: string, name: string, rest: Partial<IncomingOrg> = {}): IncomingOrg => ({
  ...{ sourceKey, name, type: 'school', identifier: '', parentSourceKey: '', isActive: true },
  ...rest,
})

/** A district with two schools of ours, and a connection added after them whose source shows four. */
async function setUp() {
  const token = await rig().makeToken()
  const district = await rig().makeDistrict()
  const ours = await withDistrict(rig().db, district.id, async (trx) => ({
    north: await plantOrg(trx, district.id, { sourceKey: '1', name: 'North High', identifier: '4711' }),
    south: await plantOrg(trx, district.id, { sourceKey: '2', name: 'South Elementary School' }),
  }))
  const { id } = await addConnection(token, district)
  const shown = [
    org('c-1', 'A School That Was Renamed', { identifier: '04711' }),
    org('c-2', 'South Elem'),
    org('c-3', 'West Middle', { isActive: false }),
    org('c-4', 'Virtual Academy'),
  ]
  await show(district, id, shown)
  return { token, district, ours, id, path: `/api/connections/${id}/schools` }
}

async function addConnection(token: string, { slug }: TestDistrict): Promise<Connection> {
  const body = { connector: 'oneroster-csv' }
  return readAnswer(await rig().sendJson(token, 'POST', `/api/districts/${slug}/connections`, body), 201)
}

const show = (district: TestDistrict, connectionId: string, orgs: readonly IncomingOrg[]) =>
  withDistrict(rig().db, district.id, (trx) =>
    noteSourceSchools(trx, { districtId: district.id, connectionId, runId: null, orgs, isComplete: true }),
  )

const states = ({ items }: SchoolMatching) =>
  Object.fromEntries(items.map(({ sourceKey, state, suggestion }) => [sourceKey, suggestion?.reason ?? state]))

describe('the schools of a source', () => {
  it('are listed beside ours with their suggestions, active or not', async () => {
    const { token, path, ours } = await setUp()
    const matching = await readAnswer<SchoolMatching>(await rig().send(token, 'GET', path))
    assert.equal(matching.newSchools, 'ask')
    assert.deepEqual(states(matching), {
      'c-1': 'sameNumber',
      'c-2': 'sameName',
      'c-3': 'unmatched',
      'c-4': 'unmatched',
    })
    assert.deepEqual(matching.counts, { matched: 0, suggested: 2, open: 2, leftOut: 0 })
    const [renamed] = matching.items.filter(({ sourceKey }) => sourceKey === 'c-1')
    assert.deepEqual(renamed?.suggestion, {
      schoolId: ours.north,
      schoolName: 'North High',
      reason: 'sameNumber',
      likeness: 0,
    })
    assert.deepEqual(
      matching.ours.map(({ schoolId, takenBy }) => [schoolId, takenBy]),
      [
        [ours.north, null],
        [ours.south, null],
      ],
    )
  })

  it('are matched, created and left out in one change, which says who decided', async () => {
    const { token, path, ours } = await setUp()
    const changes = [
      { action: 'match', sourceKey: 'c-1', schoolId: ours.north },
      { action: 'create', sourceKey: 'c-3' },
      { action: 'leaveOut', sourceKey: 'c-4' },
    ]
    const answer = await rig().sendJson(token, 'PATCH', path, { changes })
    const matching = await readAnswer<SchoolMatching>(answer)
    assert.deepEqual(states(matching), { 'c-1': 'matched', 'c-2': 'sameName', 'c-3': 'matched', 'c-4': 'leftOut' })
    const [first, , third] = matching.items.toSorted((a, b) => a.sourceKey.localeCompare(b.sourceKey))
    assert.deepEqual([first?.schoolName, first?.decidedBy], ['North High', 'tester'])
    assert.deepEqual(
      matching.ours.filter(({ schoolId }) => schoolId === third?.schoolId).map(({ name, takenBy }) => [name, takenBy]),
      [['West Middle', 'c-3']],
    )
  })

  it('keep the name that we have when an operator matched them', async () => {
    const { token, path, ours, district, id } = await setUp()
    const changes = [{ action: 'match', sourceKey: 'c-1', schoolId: ours.north }]
    await readAnswer(await rig().sendJson(token, 'PATCH', path, { changes }))
    await show(district, id, [org('c-1', 'Renamed Again')])
    const matching = await readAnswer<SchoolMatching>(await rig().send(token, 'GET', path))
    const [one] = matching.items.filter(({ sourceKey }) => sourceKey === 'c-1')
    assert.deepEqual([one?.name, one?.schoolName], ['Renamed Again', 'North High'])
    assert.ok(
      matching.items.filter(({ sourceKey }) => sourceKey !== 'c-1').every(({ goneSince }) => goneSince !== null),
    )
  })

  it('cannot have one of ours together: nothing is changed, and the answer says who has it', async () => {
    const { token, path, ours } = await setUp()
    const changes = ['c-4', 'c-1', 'c-2'].map((sourceKey, at) => ({
      ...{ action: 'match', sourceKey, schoolId: at === 0 ? ours.south : ours.north },
    }))
    const problem = await readAnswer<Problem>(await rig().sendJson(token, 'PATCH', path, { changes }), 409)
    assert.match(problem.detail, /c-2 cannot have the school .*: it is matched to c-1/)
    const { counts } = await readAnswer<SchoolMatching>(await rig().send(token, 'GET', path))
    assert.equal(counts.matched, 0)
  })

  it('cannot be matched to a school of another district, nor seen from there', async () => {
    const { token, path } = await setUp()
    const other = await setUp()
    const changes = [{ action: 'match', sourceKey: 'c-1', schoolId: other.ours.north }]
    const problem = await readAnswer<Problem>(await rig().sendJson(token, 'PATCH', path, { changes }), 409)
    assert.match(problem.detail, /The district has no school/)
    const stranger = await rig().makeToken({ districtId: other.district.id })
    await readAnswer<Problem>(await rig().send(stranger, 'GET', path), 404)
    await readAnswer<Problem>(await rig().sendJson(stranger, 'PATCH', path, { changes: [] }), 404)
    const viewer = await rig().makeToken({ rights: ['view'] })
    await readAnswer<Problem>(await rig().sendJson(viewer, 'PATCH', path, { changes: [] }), 403)
  })

  it('become ours by themselves in the first connection of a district, and later where that is asked for', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const first = await addConnection(token, district)
    await show(district, first.id, [org('a', 'Ada'), org('b', 'Bay')])
    const path = `/api/connections/${first.id}/schools`
    assert.equal((await readAnswer<SchoolMatching>(await rig().send(token, 'GET', path))).counts.matched, 2)

    const second = await addConnection(token, district)
    await show(district, second.id, [org('z', 'Zion')])
    const later = `/api/connections/${second.id}/schools`
    assert.equal((await readAnswer<SchoolMatching>(await rig().send(token, 'GET', later))).counts.open, 1)
    await readAnswer(await rig().sendJson(token, 'PATCH', later, { newSchools: 'create' }))
    await show(district, second.id, [org('z', 'Zion')])
    const matching = await readAnswer<SchoolMatching>(await rig().send(token, 'GET', later))
    assert.deepEqual([matching.counts.matched, matching.ours.length], [1, 3])
  })
})
