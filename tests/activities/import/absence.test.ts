import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import { getDataType } from '../../../domain/data-types/registry.ts'
import type { OneRosterVersion } from '../../../connectors/kit/one-roster/format/column.ts'
import { RosterPackage, type PackageMember } from '../../fixtures/roster-package.ts'
import { makeZip, type ZipPart } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'

/**
 * Absence is evidence only in an input that is proved complete. One table for every data type:
 * each way in which a package can fall short, and nobody is deactivated. The last record of each data type is missing
 * from all of these packages; where the package is whole, and only there, it is deactivated.
 */
type Shortfall = {
  readonly name: string
  readonly versions?: readonly OneRosterVersion[]
  readonly spoil: (roster: RosterPackage) => readonly ZipPart[]
}

const rig = useImportRig()
const both: readonly OneRosterVersion[] = ['1.1', '1.2']

/** The rows of one person go, wherever they are. */
function remove(roster: RosterPackage, id: string): RosterPackage {
  for (const file of ['users', 'demographics', 'roles', 'enrollments', 'results', 'userProfiles']) {
    const rows = roster.rows(file)
    const left = rows.filter((cells) => !cells.includes(id))
    rows.splice(0, rows.length, ...left)
  }
  return roster
}

const zip = (members: readonly PackageMember[]): readonly ZipPart[] => members
const cellsOf = (roster: RosterPackage, file: string) => roster.rows(file)[0] ?? []
/** A row that is refused because it has a cell too many; `id` is what its first cells say. */
const tooWide = (roster: RosterPackage, file: string, cells: readonly string[]) => {
  roster.rows(file).push([...cells, ...cellsOf(roster, file).slice(cells.length), 'one too many'])
  return zip(roster.members())
}
/** In 1.2 roles.csv says who is a student. */
const giveRole = (roster: RosterPackage) => {
  const hers = { sourcedId: 'role-9', userSourcedId: 'student-2', role: 'student', roleType: 'primary' }
  return roster.version === '1.2' ? roster.addRow('roles', hers) : roster
}
const withMode = (roster: RosterPackage, file: string, mode: string) =>
  zip(roster.members()).map((member) =>
    member.name === 'manifest.csv'
      ? { ...member, data: String(member.data).replace(`file.${file},bulk`, `file.${file},${mode}`) }
      : member,
  )
/** What a row of a delta must say of itself; without it every row is refused, and the mode decides nothing. */
const fillLifeCycle = (roster: RosterPackage, file: string) => {
  for (const row of roster.rows(file).keys()) {
    roster.set(file, row, 'status', 'active').set(file, row, 'dateLastModified', '2025-09-01T08:00:00.000Z')
  }
  return roster
}
const without = (members: readonly ZipPart[], file: string) => members.filter(({ name }) => name !== `${file}.csv`)

function waysOf(file: string, versions: readonly OneRosterVersion[] = both): Shortfall[] {
  const name = (what: string) => `${file}.csv ${what}`
  return [
    { name: name('has a header and no rows'), versions, spoil: (roster) => zip(roster.clear(file).members()) },
    { name: name('is marked absent'), versions, spoil: (roster) => without(withMode(roster, file, 'absent'), file) },
    { name: name('is promised and not there'), versions, spoil: (roster) => without(roster.members(), file) },
    {
      name: name('carries changes only'),
      versions,
      spoil: (roster) => withMode(fillLifeCycle(roster, file), file, 'delta'),
    },
    {
      name: name('ends within a quoted cell'),
      versions,
      spoil: (roster) => zip(roster.rewrite(file, (text) => `${text}"an open quote`).members()),
    },
    {
      name: name('is UTF-16'),
      versions,
      spoil: (roster) => zip(roster.rewrite(file, (text) => Buffer.from(`\ufeff${text}`, 'utf16le')).members()),
    },
    {
      name: name('is damaged'),
      versions,
      spoil: (roster) =>
        roster
          .members()
          .map((member) =>
            member.name === `${file}.csv` ? { ...member, local: { crc32: 7 }, central: { crc32: 7 } } : member,
          ),
    },
    {
      name: name('stops in the middle of its compressed bytes'),
      versions,
      spoil: (roster) =>
        roster
          .members()
          .map((member) => (member.name === `${file}.csv` ? { ...member, compressed: Buffer.from('cut') } : member)),
    },
    {
      name: name('has a row whose id cannot be read'),
      versions,
      spoil: (roster) => tooWide(roster, file, ['', '', '', '', '']),
    },
  ]
}

const shortfalls: Readonly<Record<string, { readonly missing: string; readonly ways: readonly Shortfall[] }>> = {
  students: {
    missing: 'student-2',
    ways: [
      ...waysOf('users'),
      ...waysOf('roles', ['1.2']),
      {
        name: 'users.csv has her row, refused',
        spoil: (roster) => tooWide(giveRole(roster), 'users', ['student-2']),
      },
      {
        name: 'users.csv has her row without a name',
        spoil: (roster) =>
          zip(giveRole(roster).addRow('users', { sourcedId: 'student-2', role: 'student', givenName: '' }).members()),
      },
      {
        name: 'roles.csv has her row, refused',
        versions: ['1.2'],
        spoil: (roster) => {
          roster.addRow('users', { sourcedId: 'student-2', username: 'two' })
          const at = roster.header('roles').indexOf('userSourcedId')
          const cells = cellsOf(roster, 'roles').map((cell, index) => (index === at ? 'student-2' : cell))
          return tooWide(roster, 'roles', ['role-9', ...cells.slice(1)])
        },
      },
      {
        name: 'orgs.csv has no school',
        spoil: (roster) => {
          roster.rows('orgs').splice(1)
          return zip(roster.members())
        },
      },
      { name: 'orgs.csv is empty', spoil: (roster) => zip(roster.clear('orgs').members()) },
      {
        name: 'nobody in users.csv is a student',
        spoil: (roster) => zip(remove(roster, 'student-1').members()),
      },
    ],
  },
}

const importRoster = async (members: readonly ZipPart[], dataType: string) => {
  const run = await rig.giveRun(await rig.giveContent(makeZip(members)), { dataType })
  await rig.step('openRun', run)
  const { isUsable } = await rig.step('stageRun', run)
  if (!isUsable) return rig.close(run, { kind: 'refused' })
  await rig.step('buildPlan', run)
  await rig.step('applyPlan', { ...run, part: 'all' })
  return rig.close(run, { kind: 'applied' })
}

const readStatuses = (table: string) =>
  withDistrict(rig.db, rig.districtId, async (trx) => {
    const { rows } = await sql<{ sourceKey: string; status: string }>`
      select source_key, status from ${sql.table(table)} order by source_key`.execute(trx)
    return Object.fromEntries(rows.map(({ sourceKey, status }) => [sourceKey, status]))
  })

describe('what is missing from an input that is not whole', () => {
  for (const [dataType, { missing, ways }] of Object.entries(shortfalls)) {
    const { table } = getDataType(dataType)
    for (const version of both) {
      it(`deactivates, where the input of ${dataType} in ${version} is whole`, async () => {
        await rig.clear()
        await importRoster(new RosterPackage(version).members(), dataType)
        assert.equal((await readStatuses(table))[missing], 'active')
        await importRoster(remove(new RosterPackage(version), missing).members(), dataType)
        assert.equal((await readStatuses(table))[missing], 'inactive')
      })

      for (const way of ways.filter(({ versions = both }) => versions.includes(version))) {
        it(`deactivates nobody of ${dataType} in ${version} when ${way.name}`, async () => {
          await rig.clear()
          await importRoster(new RosterPackage(version).members(), dataType)
          const before = await readStatuses(table)
          await importRoster(way.spoil(remove(new RosterPackage(version), missing)), dataType)
          assert.deepEqual(await readStatuses(table), before)
        })
      }
    }
  }
})
