import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { decideCases } from '../../db/resolution/decide-cases.ts'
import { listCases } from '../../db/resolution/list-cases.ts'
import { openResolution } from '../../db/resolution/open-resolution.ts'
import { withDistrict } from '../../db/database.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import { getFixture } from '../districts/registry.ts'
import { makeWholeRoster, setCell } from '../districts/whole-roster.ts'
import type { RosterPackage } from '../fixtures/roster-package.ts'
import { useConformanceRig } from './conformance-rig.ts'

const rig = useConformanceRig()
const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
  withDistrict(rig.db, rig.districtId, work)
const readCases = () => inDistrict((trx) => listCases(trx, { districtId: rig.districtId }))

/** The package under other ids of one person, in whatever file they stand. */
function rename(roster: RosterPackage, id: string, renamed: string): RosterPackage {
  setCell(roster, 'users', id, 'identifier', `no-${renamed}`)
  for (const file of ['users', 'demographics', 'roles', 'enrollments', 'results', 'userProfiles', 'userResources']) {
    for (const cells of roster.rows(file)) {
      for (const [at, cell] of cells.entries()) if (cell === id) cells[at] = renamed
    }
  }
  return roster
}

/** Another user with the same name as somebody, and the same of the rest where `same` names it. */
function addNamesake(roster: RosterPackage, id: string, cells: Readonly<Record<string, string>>): RosterPackage {
  const known = roster.rows('users').find(([sourcedId]) => sourcedId === id) ?? []
  const header = roster.header('users')
  const role = roster.rows('roles').find((row) => row.includes(id))
  const values = Object.fromEntries(header.map((column, at) => [column, known[at] ?? '']))
  const username = `${cells['sourcedId'] ?? ''}.name`
  roster.addRow('users', {
    ...values,
    ...{ identifier: `no-${cells['sourcedId']}`, username, userIds: `{Fed:${username}}`, agentSourcedIds: '' },
    ...cells,
  })
  if (role === undefined) return roster
  const ofRole = Object.fromEntries(roster.header('roles').map((column, at) => [column, role[at] ?? '']))
  const more = { sourcedId: `role-of-${cells['sourcedId']}`, userSourcedId: cells['sourcedId'] ?? '' }
  return roster.addRow('roles', { ...ofRole, ...more })
}

describe('of people', () => {
  for (const dataType of dataTypes.filter(({ matching }) => matching !== undefined)) {
    const { name } = dataType
    const person = getFixture(name).keys[2] ?? ''

    describe(name, () => {
      beforeEach(async () => {
        await rig.clear()
        await rig.bringAll(makeWholeRoster(), name)
      })

      it('the same one under a new id is asked about, and is one record when somebody says so', async () => {
        const before = await rig.idOf(name, person)
        await rig.bring(rename(makeWholeRoster(), person, 'somebody'), name)
        const [found, ...others] = await readCases()
        assert.ok(found)
        assert.equal(others.length, 0)
        assert.deepEqual([found.dataType, found.strength], [name, 'likely'])
        const statuses = await rig.readStatuses(name)
        assert.deepEqual([statuses[person], statuses['somebody']], ['active', undefined])

        const path = `/api/districts/${rig.district}/cases?dataType=${name}`
        const items = await rig.get<readonly { caseId: string; candidates: readonly { recordId: string }[] }[]>(path)
        assert.deepEqual(
          items.map(({ caseId }) => caseId),
          [found.id],
        )
        assert.equal(items[0]?.candidates[0]?.recordId, before)

        const decisions = [{ caseId: found.id, action: 'match' as const, recordId: before }]
        const { refused } = await inDistrict((trx) =>
          decideCases(trx, { districtId: rig.districtId, by: 'operator-7', decisions }),
        )
        assert.deepEqual(refused, [])
        const newRun = () => ({ id: randomUUID(), workflowId: randomUUID() })
        const request = { districtId: rig.districtId, by: 'operator-7', dataType, newRun }
        const { runs } = await inDistrict((trx) => openResolution(trx, request))
        for (const { id: runId } of runs) {
          const run = { districtId: rig.districtId, runId }
          await rig.step('openRun', run)
          await rig.step('buildPlan', run)
          await rig.step('applyPlan', { ...run, part: 'all' })
          await rig.close(run, { kind: 'applied' })
        }
        assert.equal(await rig.idOf(name, 'somebody'), before)
        assert.deepEqual((await readCases()).length, 0)
        assert.equal((await rig.readStatuses(name))[person], undefined)
      })

      it('two of one name with nothing else in common are two, and neither is kept out', async () => {
        const other = { sourcedId: 'namesake', email: 'namesake@example.org', phone: '+15035559999' }
        const roster = addNamesake(makeWholeRoster(), person, other)
        if (name === 'students') {
          roster.addRow('demographics', { sourcedId: 'namesake', birthDate: '2009-01-30', sex: 'male' })
        }
        // A guardian of nobody is none.
        if (name === 'guardians') setCell(roster, 'users', 'namesake', 'agentSourcedIds', 'student-5')
        await rig.bring(roster, name)
        const statuses = await rig.readStatuses(name)
        assert.deepEqual([statuses[person], statuses['namesake']], ['active', 'active'])
        assert.notEqual(await rig.idOf(name, person), await rig.idOf(name, 'namesake'))
        assert.deepEqual(
          (await readCases()).filter(({ strength }) => strength === 'likely'),
          [],
        )
      })
    })
  }

  it('a teacher who is a parent as well is one of each, and nobody asks', async () => {
    const parent = (roster: RosterPackage) => {
      if (roster.version === '1.2') {
        // One user with two roles.
        setCell(roster, 'users', 'student-5', 'agentSourcedIds', 'parent-5,teacher-3')
        return roster.addRow('roles', {
          ...{ sourcedId: 'parent-role', userSourcedId: 'teacher-3', role: 'parent', roleType: 'secondary' },
          orgSourcedId: 'school-1',
        })
      }
      // Two users of one name, address and telephone.
      return addNamesake(roster, 'teacher-3', {
        ...{ sourcedId: 'teacher-3-at-home', role: 'parent', agentSourcedIds: 'student-5' },
      })
    }
    for (const version of ['1.1', '1.2'] as const) {
      await rig.clear()
      await rig.bringAll(makeWholeRoster(version), 'guardians')
      await rig.bring(makeWholeRoster(version), 'staff')
      const roster = parent(makeWholeRoster(version))
      await rig.bring(roster, 'staff')
      await rig.bring(roster, 'guardians')
      const key = version === '1.1' ? 'teacher-3-at-home' : 'teacher-3'
      assert.equal((await rig.readStatuses('staff'))['teacher-3'], 'active')
      assert.equal((await rig.readStatuses('guardians'))[key], 'active')
      assert.equal(Object.keys(await rig.readStatuses('staff')).length, 8)
      assert.deepEqual(await readCases(), [])
    }
  })
})
