import assert from 'node:assert/strict'
import { lincolnCounty } from '../districts/lincoln-county.ts'
import { startTestStack } from '../harness/stack.ts'
import { DistrictOnStack, type PrintedRecord } from './district-on-stack.ts'

describe('Lincoln County, day by day', () => {
  let district: DistrictOnStack
  let ofDay1: Map<string, PrintedRecord>
  beforeAll(async () => {
    district = await DistrictOnStack.create(await startTestStack(), 'lincoln-county')
  })

  it('begins with those who may sign in and are students', async () => {
    const { exitCode, run, stderr } = await district.import(lincolnCounty(1))
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual([run.counts.read, run.counts.created, run.counts.skipped], [9, 8, 1])
    ofDay1 = await district.records('all')
    assert.equal(ofDay1.get('n-two-schools')?.['schoolId'], 'north')
    assert.equal(ofDay1.get('n-accent')?.['familyName'], "O'Dell, Jr.")
    const twin = ofDay1.get('n-twin-a') ?? {}
    assert.deepEqual(
      [twin['birthDate'], twin['sex'], twin['race'], twin['ethnicity']],
      ['2017-06-01', 'male', 'asian;white;demographicRaceTwoOrMoreRaces', 'hispanicOrLatino'],
    )
    assert.equal(ofDay1.has('n-late'), false)
    assert.equal(ofDay1.has('n-teacher'), false)
  })

  it('loses the absent, the disabled and the withdrawn, and keeps their records', async () => {
    const { run } = await district.import(lincolnCounty(2))
    const { created, updated, deactivated, unchanged, skipped } = run.counts
    assert.deepEqual(
      { created, updated, deactivated, unchanged, skipped },
      { created: 1, updated: 2, deactivated: 3, unchanged: 3, skipped: 1 },
    )
    const records = await district.records('all')
    for (const id of ['leaver', 'disabled', 'withdrawn']) {
      const held = ofDay1.get(`n-${id}`)
      assert.deepEqual(records.get(`n-${id}`), { ...held, status: 'inactive', enrollmentStatus: 'inactive' })
    }
    assert.equal(records.get('n-mover')?.['schoolId'], 'south')
    assert.equal(records.get('n-twin-a')?.['givenName'], 'Theodore')
    assert.equal((await district.records()).size, 6)
  })

  it('gets back those who come back, under the ids they had', async () => {
    const { run } = await district.import(lincolnCounty(3))
    assert.equal(run.counts.reactivated, 2)
    assert.equal(run.counts.updated, 2)
    assert.equal(run.counts.deactivated, 0)
    const records = await district.records('all')
    for (const [sisId, held] of ofDay1) {
      const isGone = sisId === 'n-withdrawn'
      const status = isGone ? { status: 'inactive', enrollmentStatus: 'inactive' } : {}
      assert.deepEqual(records.get(sisId), { ...held, ...status })
    }
  })
})
