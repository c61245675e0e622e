import assert from 'node:assert/strict'
import { ImportSettings } from '../../../domain/plan/import-settings.ts'
import type { MappingDocument } from '../../../domain/mapping/mapping-document.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'
import { configure } from './configure.ts'
import { runCases } from './rules-of-runs.ts'

const rig = useImportRig()
const defaultLimits = ImportSettings.parse({}).limits

beforeEach(() => rig.clear())

/** Imports the package without a question asked; null where there was nothing to do. */
async function bring(roster: RosterPackage, dataType = 'students') {
  const run = await rig.giveRun(await rig.giveContent(makeZip(roster.members())), { dataType })
  if ((await rig.step('openRun', run)).isUnchanged) return null
  await rig.step('stageRun', run)
  const { actions } = await rig.step('buildPlan', run)
  await rig.step('applyPlan', { ...run, part: 'all' })
  await rig.close(run, { kind: 'applied' })
  const { findingsByRule } = await rig.readRun(run)
  return { actions, findingsByRule }
}

const withoutPhone = () => new RosterPackage().set('users', 0, 'phone', '')

/** A package of which the rows of one student are gone. */
function withoutStudent(): RosterPackage {
  const roster = new RosterPackage()
  for (const file of ['users', 'demographics', 'enrollments']) {
    const rows = roster.rows(file)
    rows.splice(0, rows.length, ...rows.filter((cells) => !cells.includes('student-2')))
  }
  return roster
}

async function schoolId(): Promise<string> {
  const rows = (await rig.ask(`select id from orgs where source_key = 'school-1'`)) as { id: string }[]
  return rows[0]?.id ?? ''
}

/** What the very same bytes do before and after only this is changed. */
describe('an otherwise identical package', () => {
  it('is unchanged under the same configuration', async () => {
    await bring(withoutPhone())
    assert.equal(await bring(withoutPhone()), null)
  })

  it('empties fields once blanks overwrite', async () => {
    await bring(new RosterPackage())
    assert.equal((await bring(withoutPhone()))?.actions.update, 0)
    assert.equal(await bring(withoutPhone()), null)
    const reset = await configure(rig, { settings: { overwriteWithBlank: true } })
    assert.equal((await bring(withoutPhone()))?.actions.update, 1)
    assert.equal(await bring(withoutPhone()), null)
    await reset()
  })

  it('deactivates whoever is missing once that is wanted', async () => {
    const reset = await configure(rig, { settings: { deactivateMissing: false } })
    await bring(new RosterPackage())
    assert.equal((await bring(withoutStudent()))?.actions.deactivate, 0)
    assert.equal(await bring(withoutStudent()), null)
    await reset()
    assert.equal((await bring(withoutStudent()))?.actions.deactivate, 1)
  })

  it('brings in the records of a school once it is chosen', async () => {
    await bring(withoutStudent())
    const reset = await configure(rig, { settings: { schools: [] } })
    assert.equal((await bring(new RosterPackage()))?.actions.create, 0)
    const chosen = await configure(rig, { settings: { schools: [await schoolId()] } })
    assert.equal((await bring(new RosterPackage()))?.actions.create, 1)
    await chosen()
    await reset()
  })

  it('fills a custom field, or leaves a field out, once it is mapped so', async () => {
    await bring(new RosterPackage())
    const reset = await configure(rig, {
      mapping: (mapping) => ({ ...mapping, customFields: { mobile: 'users.phone' } }),
    })
    assert.equal((await bring(new RosterPackage()))?.actions.update, 2)
    await reset()
  })

  it('has other values once codes are mapped otherwise', async () => {
    await bring(new RosterPackage())
    const reset = await configure(rig, {
      mapping: (mapping) => ({ ...mapping, codes: { ...mapping.codes, sex: { female: 'male', male: 'male' } } }),
    })
    assert.equal((await bring(new RosterPackage()))?.actions.update, 1)
    await reset()
  })

  it('says another class year where the academic year turns over on another day', async () => {
    const years = async () =>
      (await rig.ask('select distinct class_year as year from students')) as { year: number | null }[]
    await bring(new RosterPackage())
    const [before] = await years()
    await rig.clear()
    const reset = await configure(rig, { mapping: (mapping) => ({ ...mapping, academicYearTurnsOn: '12-01' }) })
    await bring(new RosterPackage())
    assert.deepEqual(await years(), [{ year: (before?.year ?? 0) - 1 }])
    await reset()
  })

  it('lists the people without a mapped role once that is wanted', async () => {
    // By these codes a teacher is nobody.
    const mapping = { mapping: withRoles, dataType: 'staff' }
    const reset = await configure(rig, { ...mapping, settings: { onlyMappedRolesInLog: true } })
    const roster = () => new RosterPackage()
    assert.equal((await bring(roster(), 'staff'))?.findingsByRule['I-17'], undefined)
    const told = await configure(rig, { dataType: 'staff', settings: { onlyMappedRolesInLog: false } })
    assert.equal((await bring(roster(), 'staff'))?.findingsByRule['I-17']?.count, 1)
    await told()
    await reset()
  })

  it('only adds on the days of a range, and does the rest when there is none', async () => {
    await bring(new RosterPackage())
    const reset = await configure(rig, { settings: { additionsOnly: [{ from: '2026-11-01', to: '2026-11-30' }] } })
    assert.equal((await bring(withoutStudent()))?.actions.deactivate, 0)
    await reset()
    assert.equal((await bring(withoutStudent()))?.actions.deactivate, 1)
  })
})

describe('a plan that meets a limit', () => {
  const cases = runCases.filter(({ from }) => from === undefined)
  for (const { holds, happen } of cases.filter((one, at) => cases.findIndex((two) => two.holds === one.holds) === at)) {
    // Some hold whatever is set.
    if (holds === undefined || !(holds in defaultLimits)) continue
    it(`of ${holds} is not held when only this limit is raised`, async () => {
      const reset = await configure(rig, {
        settings: { limits: { ...defaultLimits, [holds]: { count: 1_000_000 } } },
      })
      const { limits } = await happen(rig)
      assert.ok(!limits.includes(holds), JSON.stringify(limits))
      await reset()
    })
  }
})

function withRoles(mapping: MappingDocument): MappingDocument {
  return { ...mapping, codes: { ...mapping.codes, roles: { administrator: 'administrator' } } }
}
