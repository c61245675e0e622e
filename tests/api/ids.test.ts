import assert from 'node:assert/strict'
import type { FoundId } from '../../api/contract/found-id.ts'
import { readAnswer, useApiRig } from './api-rig.ts'
import { plantConnection, plantRun } from './import/plant-run.ts'

const rig = useApiRig()

describe('ids by their beginning', () => {
  it('are found in the districts that the token may enter, and in no other', async () => {
    const token = await rig().makeToken()
    const [own, other] = [await rig().makeDistrict(), await rig().makeDistrict()]
    const runs = []
    for (const district of [own, other]) {
      runs.push(await plantRun(rig(), district, (await plantConnection(rig(), token, district)).id))
    }
    const find = async (as: string, prefix: string, kind = 'run') => {
      const answer = await rig().send(as, 'GET', `/api/ids?kind=${kind}&prefix=${prefix}`)
      return (await readAnswer<{ items: FoundId[] }>(answer)).items
    }
    const [ownRun, otherRun] = runs
    assert.ok(ownRun !== undefined && otherRun !== undefined)
    const expected = [{ id: ownRun.id, district: own.slug }]
    for (const length of [13, 18, 36]) assert.deepEqual(await find(token, ownRun.id.slice(0, length)), expected)
    assert.deepEqual(await find(token, ownRun.id.slice(0, 20).toUpperCase()), expected)
    assert.deepEqual(await find(token, ownRun.id, 'case'), [])

    const local = await rig().makeToken({ districtId: own.id })
    assert.deepEqual(await find(local, ownRun.id.slice(0, 13)), expected)
    assert.deepEqual(await find(local, otherRun.id), [])
    assert.deepEqual((await find(token, otherRun.id)).length, 1)
  })

  it('need four characters of one at least', async () => {
    const token = await rig().makeToken()
    for (const prefix of ['abc', 'xyz1', '%25%25%25%25', '----']) {
      await readAnswer(await rig().send(token, 'GET', `/api/ids?kind=run&prefix=${prefix}`), 400)
    }
  })

  it('leave no district named behind them', async () => {
    const token = await rig().makeToken()
    await rig().makeDistrict()
    await rig().send(token, 'GET', '/api/ids?kind=run&prefix=0193')
    for (let count = 0; count < 6; count++) {
      assert.deepEqual(await rig().db.selectFrom('importRuns').select('id').execute(), [])
    }
  })
})
