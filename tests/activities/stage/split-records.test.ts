import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import { createArchivedFile } from '../../../db/import/inputs/archived-files.ts'
import type { RunRow } from '../../../db/import/runs.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()

/** Two schools and one student at the first; each further row is one of `student-1` at another org. */
function county(orgs: readonly string[], change: (roster: RosterPackage) => unknown = () => undefined): RosterPackage {
  const roster = new RosterPackage().addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
  roster.set('users', 0, 'orgSourcedIds', orgs[0] ?? '')
  for (const org of orgs.slice(1)) roster.addRow('users', { orgSourcedIds: org })
  change(roster)
  return roster
}

async function importRoster(roster: RosterPackage): Promise<RunRow> {
  const input = await createArchivedFile(rig.db, {
    districtId: rig.districtId,
    name: 'package.zip',
    content: Readable.from([makeZip(roster.members())]),
  })
  const run = await rig.giveRun(input)
  await rig.importAll(run)
  return rig.readRun(run)
}

/** `id grades school status`, one for each student. */
async function readStudents(): Promise<string[]> {
  return withDistrict(rig.db, rig.districtId, async (trx) => {
    const { rows } = await sql<{ line: string }>`
      select concat_ws(' ', s.source_key, s.given_name, s.grade_level, o.source_key, s.status) as line
      from students s join orgs o on o.id = s.school_id order by 1`.execute(trx)
    return rows.map(({ line }) => line)
  })
}

const summary = ({ counts, findingsByRule }: RunRow) => ({
  read: counts.read,
  rejected: counts.rejected,
  created: counts.created,
  updated: counts.updated,
  deactivated: counts.deactivated,
  unchanged: counts.unchanged,
  rules: Object.keys(findingsByRule).filter((rule) => !/^(S-08|S-11|R-08)$/.test(rule)),
})
const nothing = { read: 2, rejected: 0, created: 0, updated: 0, deactivated: 0, unchanged: 2, rules: [] as string[] }

describe('a student in one row for each school', () => {
  it('is created once, with a finding and nobody dropped', async () => {
    const run = await importRoster(county(['school-1', 'school-2']))
    assert.deepEqual(summary(run), { ...nothing, created: 2, unchanged: 0, rules: ['R-10'] })
    assert.deepEqual(await readStudents(), ['student-1 Ada 09 school-1 active', 'student-2 Ben 09 school-1 active'])
  })

  it('is unchanged when the same comes again, with other bytes elsewhere', async () => {
    const run = await importRoster(county(['school-1', 'school-2'], (roster) => roster.set('courses', 0, 'title', 'B')))
    assert.deepEqual(summary(run), { ...nothing, rules: ['R-10'] })
  })

  it('is unchanged when one list says the same, when a department is among three rows, and back again', async () => {
    const single = await importRoster(county(['school-1,school-2']))
    assert.deepEqual(summary(single), nothing)
    const three = county(['school-1', 'district-1', 'school-2'])
    assert.deepEqual(summary(await importRoster(three)), { ...nothing, rules: ['R-10'] })
    assert.deepEqual(summary(await importRoster(county(['school-1']))), nothing)
  })

  it('is told to have no school only where none of the rows names one', async () => {
    const run = await importRoster(county(['district-1', 'school-1']))
    assert.deepEqual(summary(run), { ...nothing, rules: ['R-10'] })
    const swapped = await importRoster(county(['school-1', 'district-1']))
    assert.deepEqual(summary(swapped), { ...nothing, rules: ['R-10'] })
  })

  it('changes when a value of the record does, in all its rows', async () => {
    const renamed = county(['school-1', 'school-2'], (roster) => {
      for (const row of [0, 3]) roster.set('users', row, 'givenName', 'Adah')
    })
    assert.deepEqual(summary(await importRoster(renamed)), { ...nothing, updated: 1, unchanged: 1, rules: ['R-10'] })
    assert.equal((await readStudents())[0], 'student-1 Adah 09 school-1 active')
  })

  it('is imported by the rows that are in order, and the others are told', async () => {
    const unknown = county(['gone', 'school-2'], (roster) => {
      for (const row of [0, 3]) roster.set('users', row, 'givenName', 'Adah')
    })
    const run = await importRoster(unknown)
    assert.deepEqual(summary(run), { ...nothing, updated: 1, unchanged: 1, rules: ['R-05', 'R-10'] })
    assert.equal((await readStudents())[0], 'student-1 Adah 09 school-2 active')
  })

  it('is rejected, and stays as we hold it, when its rows disagree in anything else', async () => {
    const two = county(['school-1', 'school-2'], (roster) => roster.set('users', 3, 'givenName', 'Other'))
    const run = await importRoster(two)
    assert.deepEqual(summary(run), { ...nothing, read: 3, rejected: 2, unchanged: 1, rules: ['R-01', 'R-05', 'S-19'] })
    assert.equal((await readStudents())[0], 'student-1 Adah 09 school-2 active')
  })

  it('does not keep a column from being the id of the records', async () => {
    const { rows } = await withDistrict(rig.db, rig.districtId, (trx) =>
      sql<{ sisId: string }>`select sis_id from students order by 1`.execute(trx),
    )
    assert.deepEqual(
      rows.map(({ sisId }) => sisId),
      ['no-student-1', 'no-student-2'],
    )
  })
})
