import assert from 'node:assert/strict'
import { makeManifest, smallFiles } from '../fixtures/small-package.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import type { InventedStudent } from '../../simulators/oneroster-package/invented-people.ts'
import type { PackageRequest } from '../../simulators/oneroster-package/make-package.ts'
import { startTestStack } from '../harness/stack.ts'
import { DistrictOnStack, packageOf } from './district-on-stack.ts'
import { inventStudents, userRow } from './invented-rows.ts'

const stackStarted = startTestStack()
const students = 300
/** About ten schools of thirty: each less than a tenth of the district, or a little more. */
const county = { seed: 99, students, studentsPerSchool: 30 } satisfies PackageRequest
const people = inventStudents(county.seed, students, county.studentsPerSchool)
const newcomers = strangers(8)

const isGone = (_student: InventedStudent, number: number) => number % 10 < 3
const goneCount = people.filter((student, index) => isGone(student, index + 1)).length

/** People whom no package of the county has. */
function strangers(count: number): InventedStudent[] {
  return inventStudents(7_777, count, 30).map((who) => ({ ...who, identifier: `7${who.identifier}` }))
}

/** A district of its own that holds all the people of the county. */
async function heldCounty(slug: string): Promise<DistrictOnStack> {
  const district = await DistrictOnStack.create(await stackStarted, slug)
  const { exitCode, stderr } = await district.import(await packageOf(county))
  assert.equal(exitCode, 0, stderr)
  return district
}

function statusCount(records: Map<string, { readonly [column: string]: string }>, status: string): number {
  return [...records.values()].filter((record) => record['status'] === status).length
}

describe('a package without 30 % of the students', () => {
  const shrunk = () =>
    packageOf({ ...county, isLeftOut: isGone, changedEvery: 25, moreUsers: newcomers.map((who) => userRow(who)) })
  // Of the 4 % that changed, those that are still there.
  const changedCount = people.filter((who, index) => (index + 1) % 25 === 0 && !isGone(who, index + 1)).length

  it('is held: adds and updates go on, nobody is made inactive', async () => {
    const district = await heldCounty('hold')
    const { exitCode, run, stderr } = await district.import(await shrunk())
    assert.equal(exitCode, 5)
    assert.equal(run.state, 'held')
    assert.equal(run.statusText, 'Held for Review')
    assert.deepEqual(
      [run.counts.created, run.counts.updated, run.counts.deactivated],
      [newcomers.length, changedCount, 0],
    )
    assert.equal(statusCount(await district.records('all'), 'inactive'), 0)

    const [limit, ...schools] = run.hold?.limits ?? []
    assert.deepEqual(
      { limit: limit?.limit, scope: limit?.scope, count: limit?.count, max: limit?.max, value: limit?.value },
      { limit: 'deactivations', scope: 'district', count: goneCount, max: 0.1, value: goneCount / students },
    )
    assert.ok(schools.length > 0)
    for (const school of schools) {
      assert.equal(school.scope, 'school')
      assert.match(school.schoolName ?? '', /^Lincoln School \d+$/)
      assert.ok(stderr.includes(school.schoolName ?? '-'), 'people read the name of the school')
    }
    const records = await district.records()
    const byId = new Map([...records].map(([sisId, record]) => [record['recordId'], sisId]))
    const gone = new Set(people.filter((who, index) => isGone(who, index + 1)).map(({ identifier }) => identifier))
    assert.ok((limit?.examples.length ?? 0) > 0)
    for (const { recordId } of limit?.examples ?? []) assert.ok(gone.has(byId.get(recordId) ?? ''), recordId)
  })

  it('makes them inactive when that is approved', async () => {
    const district = await heldCounty('approve')
    const { run: held } = await district.import(await shrunk())
    const { exitCode, run } = await district.decide('approve', held.runId)
    assert.equal(exitCode, 0)
    assert.equal(run.state, 'completed')
    assert.equal(run.counts.deactivated, goneCount)
    const records = await district.records('all')
    assert.equal(statusCount(records, 'inactive'), goneCount)
    for (const [index, who] of people.entries()) {
      const expected = isGone(who, index + 1) ? 'inactive' : 'active'
      assert.equal(records.get(who.identifier)?.['status'], expected)
    }
    assert.deepEqual((await district.loggedChanges(run.runId)).journal, {
      deactivate: goneCount,
      update: changedCount,
    })
  })

  it('leaves everything as it was when it is discarded', async () => {
    const district = await heldCounty('discard')
    const before = await district.snapshot()
    const { run: held } = await district.import(await packageOf({ ...county, isLeftOut: isGone }))
    assert.equal(held.state, 'held')
    const { exitCode, run } = await district.decide('discard', held.runId)
    assert.equal(exitCode, 0)
    assert.equal(run.state, 'discarded')
    assert.deepEqual(await district.snapshot(), before)
    assert.deepEqual((await district.loggedChanges(run.runId)).journal, {})
  })

  it('is not held when that was approved beforehand', async () => {
    const district = await heldCounty('approve-before')
    const { exitCode, run } = await district.import(await shrunk(), '--approve-hold')
    assert.equal(exitCode, 0)
    assert.equal(run.counts.deactivated, goneCount)
  })

  it('shows in a test import where it would be held, and changes nothing', async () => {
    const district = await heldCounty('test-import')
    const before = await district.snapshot()
    const { run } = await district.import(await shrunk(), '--test')
    assert.equal(run.state, 'tested')
    assert.equal(run.hold?.limits[0]?.count, goneCount)
    assert.deepEqual(await district.snapshot(), before)
  })

  it('is released by a newer run', async () => {
    const district = await heldCounty('newer')
    const { run: held } = await district.import(await packageOf({ ...county, isLeftOut: isGone }))
    const { exitCode, run } = await district.import(await packageOf({ ...county, changedEvery: 50 }))
    assert.equal(exitCode, 0)
    assert.equal(run.state, 'completed')
    // It is told when the newer one begins to apply, and may still be waiting for a person when that is through.
    let waited = await district.command('run', 'wait', held.runId, '--json')
    while (waited.exitCode === 5) waited = await district.command('run', 'wait', held.runId, '--json')
    assert.equal(waited.exitCode, 3)
    assert.equal((await district.getRun(held.runId)).state, 'discarded')
    assert.equal(statusCount(await district.records('all'), 'inactive'), 0)
  })
})

describe('a package without one small school', () => {
  it("is held by the school's limit although the district's is not met", async () => {
    const district = await heldCounty('small-school')
    const sizes = Map.groupBy(people, ({ schoolNumber }) => schoolNumber)
    const [number, pupils] = [...sizes].reduce((least, next) => (next[1].length < least[1].length ? next : least))
    assert.ok(pupils.length >= 5 && pupils.length < students / 10)

    const isLeftOut = (who: InventedStudent) => who.schoolNumber === number
    const { exitCode, run } = await district.import(await packageOf({ ...county, isLeftOut }))
    assert.equal(exitCode, 5)
    assert.equal(run.counts.deactivated, 0)
    assert.deepEqual(
      run.hold?.limits.map(({ limit, scope, schoolSourceKey, value, count }) => [
        ...[limit, scope, schoolSourceKey, value, count],
      ]),
      [['deactivations', 'school', `school-${String(number).padStart(3, '0')}`, 1, pupils.length]],
    )
  })
})

describe('a package that is a shadow of itself', () => {
  const usersOnly = (users: string) =>
    makeZip([
      { name: 'manifest.csv', data: makeManifest() },
      { name: 'orgs.csv', data: smallFiles['orgs.csv'] ?? '' },
      { name: 'users.csv', data: users },
    ])
  const header = (smallFiles['users.csv'] ?? '').split('\n')[0] ?? ''

  it('is refused when users.csv has nothing but its header', async () => {
    const district = await heldCounty('header-only')
    const before = await district.snapshot()
    const { exitCode, run } = await district.import(usersOnly(`${header}\n`))
    assert.equal(exitCode, 3)
    assert.equal(run.state, 'cancelled')
    assert.ok('C-09' in run.findings.byRule)
    assert.deepEqual(await district.snapshot(), before)
  })

  it('is held when one student is left of all', async () => {
    const district = await heldCounty('one-left')
    const isLeftOut = (_: InventedStudent, number: number) => number > 1
    const { exitCode, run } = await district.import(await packageOf({ ...county, isLeftOut }))
    assert.equal(exitCode, 5)
    assert.equal(run.hold?.limits[0]?.count, students - 1)
    assert.equal(statusCount(await district.records('all'), 'inactive'), 0)
  })

  it('is held with nothing applied when all ids changed', async () => {
    const district = await heldCounty('new-ids')
    const before = await district.snapshot()
    const renumbered = people.map((who) =>
      userRow(who, { sourcedId: `new-${who.sourcedId}`, identifier: `8${who.identifier}` }),
    )
    const { exitCode, run } = await district.import(
      await packageOf({ ...county, isLeftOut: () => true, moreUsers: renumbered }),
    )
    assert.equal(exitCode, 5)
    const limit = run.hold?.limits.find(({ limit }) => limit === 'idSchemeChange')
    assert.equal(limit?.count, students)
    assert.deepEqual([run.counts.created, run.counts.deactivated], [0, 0])
    assert.deepEqual(await district.snapshot(), before)
  })
})

describe('a package that changes or breaks much', () => {
  it('is held with nothing applied when it changes 75 % of the records', async () => {
    const district = await heldCounty('updates')
    const before = await district.snapshot()
    const { exitCode, run } = await district.import(await packageOf({ ...county, changedEvery: 1 }))
    assert.equal(exitCode, 5)
    assert.deepEqual(
      run.hold?.limits.map(({ limit, count }) => [limit, count]),
      [['updates', students]],
    )
    assert.deepEqual(await district.snapshot(), before)
  })

  it('is held with nothing applied when 10 % of its rows are errors', async () => {
    const district = await heldCounty('errors')
    const before = await district.snapshot()
    const nameless = strangers(40).map((who) => userRow(who, { familyName: '' }))
    const { exitCode, run } = await district.import(
      await packageOf({ ...county, changedEvery: 50, moreUsers: nameless }),
    )
    assert.equal(exitCode, 5)
    assert.equal(run.counts.rejected, 40)
    assert.deepEqual(
      run.hold?.limits.map(({ limit, count }) => [limit, count]),
      [['errorFindings', 40]],
    )
    assert.deepEqual(await district.snapshot(), before)
  })
})
