import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { countNotImported } from '../../../db/plan/not-imported.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'
import { configure } from './configure.ts'

const rig = useImportRig()

/** Two schools, and further students that nobody could take, each at these orgs. */
function county(...refusedAt: readonly string[]): RosterPackage {
  const roster = new RosterPackage().addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
  for (const [index, orgSourcedIds] of refusedAt.entries()) {
    const id = `new-${index}`
    roster.addRow('users', { sourcedId: id, username: id, identifier: id, familyName: '', orgSourcedIds })
  }
  return roster
}

async function importRoster(roster: RosterPackage) {
  const run = await rig.giveRun(await rig.giveContent(makeZip(roster.members())))
  return (await rig.importAll(run)).state
}

const leftOut = async () =>
  (
    await withDistrict(rig.db, rig.districtId, (trx) =>
      countNotImported(trx, { districtId: rig.districtId, dataType: 'students' }),
    )
  ).reduce((total, { newCount, heldCount }) => total + newCount + heldCount, 0)

describe('an import that is limited to one school', () => {
  it('tells of the refused rows of that school, and of no other', async () => {
    assert.equal(await importRoster(county()), 'completed')
    const [school] = (await rig.ask(`select id from orgs where source_key = 'school-1'`)) as { id: string }[]
    await configure(rig, { settings: { schools: [school?.id ?? ''] } })
    assert.equal(await importRoster(county('school-2', 'school-2')), 'completed')
    assert.equal(await leftOut(), 0)
    assert.equal(await importRoster(county('school-2', 'school-1')), 'completedWithAlerts')
    assert.equal(await leftOut(), 1)
  })

  it('tells of one who is at several schools, or nobody knows where', async () => {
    assert.equal(await importRoster(county('school-2', 'school-2,school-1', 'nowhere')), 'completedWithAlerts')
    assert.equal(await leftOut(), 2)
  })
})
