import assert from 'node:assert/strict'
import type { RunDocument } from '../../api/contract/run.ts'
import { startTestStack } from '../harness/stack.ts'
import { DistrictOnStack, packageOfDistrict, type SetEnd } from './district-on-stack.ts'

const stackStarted = startTestStack()

const statesOf = ({ runs }: SetEnd) => Object.fromEntries(runs.map(({ dataType, state }) => [dataType, state]))

describe('a package imported for all data types', () => {
  it('runs them one after the other, each behind what it refers to', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'all-of-it')
    const { exitCode, runs } = await district.importAll(await packageOfDistrict({ students: 90, seed: 7 }))
    const states = statesOf({ exitCode, runs })
    assert.ok([0, 4].includes(exitCode ?? -1), JSON.stringify(states))
    const order = runs.map(({ dataType }) => dataType)
    for (const [needed, needs] of [
      ['students', 'guardians'],
      ['courseCatalog', 'courseMapping'],
      ['staff', 'classes'],
      ['classes', 'enrollments'],
    ] as const)
      assert.ok(order.indexOf(needed) < order.indexOf(needs), order.join(', '))
  })
})

describe('a set in which a run is held', () => {
  it('goes on with the data types that do not need it, and says why the others did not start', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'half-of-it')
    await district.importAll(await packageOfDistrict({ students: 90, seed: 7 }))
    const end = await district.importAll(await packageOfDistrict({ students: 30, seed: 7 }))
    const states = statesOf(end)
    assert.equal(end.exitCode, 5, JSON.stringify(states))
    assert.equal(states['students'], 'held')
    assert.notEqual(states['staff'], 'notStarted')
    for (const dataType of ['guardians', 'enrollments']) assert.equal(states[dataType], 'notStarted', dataType)
    const guardians = end.runs.find(({ dataType }) => dataType === 'guardians')
    assert.match(
      guardians !== undefined && 'reason' in guardians ? guardians.reason : '',
      /needs students, whose run is: Held/,
    )
  })
})

describe('a data type whose prerequisite was never imported', () => {
  it('is refused with the reason, and a test import of it is not', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'none-of-it')
    const file = district.writePackage(await packageOfDistrict({ students: 20, seed: 3 }))
    const args = ['import', file, '--district', district.slug, '--data-type', 'classes', '--json']
    const refused = await district.command(...args)
    const { error } = JSON.parse(refused.stdout) as { error: { code: string; detail: string } }
    assert.equal(error.code, 'PREREQUISITE_MISSING')
    assert.match(error.detail, /classes needs staff/)
    const looked = await district.command(...args, '--test')
    assert.equal((JSON.parse(looked.stdout) as RunDocument).state, 'tested')
  })
})
