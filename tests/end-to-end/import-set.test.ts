import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import type { RunDocument } from '../../api/contract/run.ts'
import { startTestStack } from '../harness/stack.ts'
import { DistrictOnStack } from './district-on-stack.ts'
import { expectRoster, packageOfDistrict } from './roster-oracle.ts'

const stackStarted = startTestStack()
const today = new Date().toISOString().slice(0, 10)

type Printed = Readonly<Record<string, string>>
type SetEnd = {
  readonly exitCode: number | null
  readonly runs: readonly (
    RunDocument | { readonly dataType: string; readonly state: 'notStarted'; readonly reason: string }
  )[]
}

/** By which of its printed columns a record is the same as one of the files. */
const keyOf: Readonly<Record<string, (row: Printed) => string>> = {
  students: (row) => row['sourceKey'] ?? '',
  staff: (row) => row['sourceKey'] ?? '',
  guardians: (row) => row['sourceKey'] ?? '',
  courseCatalog: (row) => row['courseId'] ?? '',
  courseMapping: (row) => `${row['courseId'] ?? ''} ${row['schoolId'] ?? ''}`,
  currentCourses: (row) => `${row['studentId'] ?? ''} ${row['sectionId'] ?? ''}`,
  classes: (row) => row['sisId'] ?? '',
  enrollments: (row) => row['sisId'] ?? '',
}
const everyType = Object.keys(keyOf)

async function importAll(district: DistrictOnStack, content: Buffer, ...flags: string[]): Promise<SetEnd> {
  const file = district.writePackage(content)
  const ended = await district.command(
    'import',
    file,
    '--district',
    district.slug,
    '--data-type',
    'all',
    '--json',
    ...flags,
  )
  const { setId, workflowId, runs } = JSON.parse(ended.stdout) as SetEnd & { setId: string; workflowId: string }
  assert.equal(workflowId, `import-set/${district.slug}/${setId}`)
  return { exitCode: ended.exitCode, runs }
}

async function readRecords(district: DistrictOnStack, dataType: string, ...flags: string[]): Promise<Printed[]> {
  const { stdout } = await district.command('records', dataType, '--district', district.slug, '--csv', ...flags)
  return parse<Printed>(stdout, { columns: true })
}

const statesOf = ({ runs }: SetEnd) => Object.fromEntries(runs.map(({ dataType, state }) => [dataType, state]))

describe('a package imported for all data types', () => {
  const request = { students: 90, seed: 7 }
  let district: DistrictOnStack
  let first: SetEnd
  beforeAll(async () => {
    district = await DistrictOnStack.create(await stackStarted, 'all-of-it')
    first = await importAll(district, await packageOfDistrict(request))
  })

  it('runs them one after the other, each behind what it refers to', () => {
    assert.ok([0, 4].includes(first.exitCode ?? -1), JSON.stringify(statesOf(first)))
    const order = first.runs.map(({ dataType }) => dataType)
    for (const [needed, needs] of [
      ['students', 'guardians'],
      ['courseCatalog', 'courseMapping'],
      ['staff', 'classes'],
      ['classes', 'enrollments'],
    ] as const)
      assert.ok(order.indexOf(needed) < order.indexOf(needs), order.join(', '))
    assert.equal(statesOf(first)['courseHistory'], 'completed')
  })

  for (const dataType of everyType) {
    it(`makes of the files the records of ${dataType}, field by field`, async () => {
      const expected = (await expectRoster(await packageOfDistrict(request), today))[dataType] ?? new Map()
      assert.ok(expected.size > 0, 'the package has none')
      const records = await readRecords(district, dataType)
      const keyed = new Map(records.map((row) => [keyOf[dataType]?.(row) ?? '', row]))
      assert.deepEqual([...keyed.keys()].sort(), [...expected.keys()].sort())
      assert.equal(records.length, expected.size)
      for (const [key, fields] of expected as ReadonlyMap<string, Printed>) {
        const row = keyed.get(key) ?? {}
        const shown: Record<string, string> = {}
        for (const name of Object.keys(fields)) {
          // Who comes first is no order of the files.
          shown[name] = name === 'teachers' ? (row['teacherIds'] ?? '').split(';').sort().join(';') : (row[name] ?? '')
        }
        assert.deepEqual(shown, fields, `${dataType} ${key}`)
      }
    })
  }

  it('changes nothing when the same comes again', async () => {
    const again = await importAll(district, await packageOfDistrict(request))
    for (const run of again.runs) {
      if (!('counts' in run)) continue
      const { created, updated, deactivated, reactivated } = run.counts
      assert.deepEqual(
        { created, updated, deactivated, reactivated },
        { created: 0, updated: 0, deactivated: 0, reactivated: 0 },
        run.dataType,
      )
    }
  })

  it('is taken back run by run, the last one first: what it created is inactive', async () => {
    for (const run of first.runs.toReversed()) {
      if (!('counts' in run) || run.counts.created === 0) continue
      const ended = await district.command('undo', run.runId, '--json')
      assert.equal(ended.exitCode, 0, `${run.dataType}: ${ended.stderr}`)
      assert.equal((await readRecords(district, run.dataType)).length, 0, run.dataType)
      assert.equal((await readRecords(district, run.dataType, '--all')).length, run.counts.created)
    }
  })
})

describe('a set in which a run is held', () => {
  it('goes on with the data types that do not need it, and says why the others did not start', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'half-of-it')
    await importAll(district, await packageOfDistrict({ students: 90, seed: 7 }))
    const end = await importAll(district, await packageOfDistrict({ students: 30, seed: 7 }))
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
