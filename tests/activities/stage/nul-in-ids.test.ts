import assert from 'node:assert/strict'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()

/** Every cell of a column through `change`. */
function changeAll(roster: RosterPackage, file: string, column: string, change: (value: string) => string): void {
  roster.rows(file).forEach((cells, row) => {
    const value = cells[roster.header(file).indexOf(column)] ?? ''
    if (value !== '') roster.set(file, row, column, change(value))
  })
}

const spoil = (value: string) => `${value.slice(0, 3)}\0${value.slice(3)}`

describe('a package with U+0000', () => {
  beforeEach(() => rig.clear())

  const places: Record<string, (roster: RosterPackage) => void> = {
    'in the ids of people': (roster) => {
      changeAll(roster, 'users', 'sourcedId', spoil)
      changeAll(roster, 'demographics', 'sourcedId', spoil)
    },
    'in the ids and names of orgs': (roster) => {
      for (const column of ['sourcedId', 'name', 'identifier', 'parentSourcedId']) {
        changeAll(roster, 'orgs', column, spoil)
      }
      changeAll(roster, 'users', 'orgSourcedIds', spoil)
    },
    'in the id of two rows that disagree': (roster) => {
      changeAll(roster, 'users', 'sourcedId', spoil)
      roster.addRow('users', { familyName: 'Another', givenName: 'Else' })
    },
  }
  for (const [where, change] of Object.entries(places)) {
    it(`${where} is imported, and says so`, async () => {
      const roster = new RosterPackage('1.1')
      change(roster)
      const run = await rig.giveRun(await rig.giveContent(makeZip(roster.members())))
      await rig.importAll(run)
      const { state, findingsByRule } = await rig.readRun(run)
      assert.ok(state.startsWith('completed'), state)
      assert.ok((findingsByRule['C-10']?.count ?? 0) > 0, JSON.stringify(findingsByRule))
      const held = (await rig.ask('select source_key from students order by 1')) as { source_key: string }[]
      const keys = held.map(({ source_key: key }) => key)
      assert.deepEqual(keys, where.includes('disagree') ? ['student-2'] : ['student-1', 'student-2'])
    })
  }
})
