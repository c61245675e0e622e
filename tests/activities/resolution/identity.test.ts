import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { openResolution } from '../../../db/resolution/open-resolution.ts'
import { decideCases } from '../../../db/resolution/decide-cases.ts'
import { listCases } from '../../../db/resolution/list-cases.ts'
import { withDistrict } from '../../../db/database.ts'
import { students } from '../../../domain/data-types/students.ts'
import { packPeople, person, type Person } from '../../districts/lincoln-county.ts'
import { useImportRig } from '../import-rig.ts'
import { cast } from './cast.ts'

const rig = useImportRig()
const [ines, theo, ...others] = cast as [Person, Person, ...Person[]] // there are seven

async function importPeople(people: readonly Person[]) {
  const run = await rig.giveRun(await rig.giveContent(packPeople(people)))
  const closed = await rig.importAll(run)
  return { ...closed, counts: (await rig.readRun(run)).counts, run }
}

/** Of each record the values of both files, so that a blend of two people shows. */
const readPeople = () =>
  withDistrict(rig.db, rig.districtId, async (trx) => {
    const { rows } = await sql<{ line: string }>`select concat_ws(' ', sis_id, source_key, given_name, family_name,
      birth_date, sex, status) as line from students order by source_key`.execute(trx)
    return rows.map(({ line }) => line)
  })

describe('a package in which two pupils have each other’s identifier', () => {
  it('changes neither, ends with an alert, and is told of again the next night', async () => {
    await importPeople(cast)
    const before = await readPeople()
    const exchanged = [{ ...ines, identifier: 'n-p1' }, { ...theo, identifier: 'n-p0' }, ...others]
    for (const night of [exchanged, [...exchanged].reverse()]) {
      const { state, counts, openCases } = await importPeople(night)
      assert.equal(state, 'completedWithAlerts')
      assert.deepEqual([counts.updated, counts.duplicates, openCases], [0, 2, 1])
      assert.deepEqual(await readPeople(), before)
    }
    assert.deepEqual(
      (await rig.readTables()).alerts?.filter((alert) => JSON.stringify(alert).includes('identityConflict')),
      [{ kind: 'identityConflict', field: '', count: 1, isOpen: true }],
    )
  })

  it('gives each record one child’s values when a person says whose they are', async () => {
    const [one] = await withDistrict(rig.db, rig.districtId, (trx) => listCases(trx, { districtId: rig.districtId }))
    // By the identifier: the rows change places whole, though the demographics of both are as they were.
    const recordId = one?.candidates.find(({ byKey }) => byKey === 'sisId')?.recordId ?? ''
    const request = { districtId: rig.districtId, by: 'operator-7' }
    const runs = await withDistrict(rig.db, rig.districtId, async (trx) => {
      await decideCases(trx, { ...request, decisions: [{ caseId: one?.id ?? '', action: 'match', recordId }] })
      const newRun = () => ({ id: crypto.randomUUID(), workflowId: `import/test/students/${crypto.randomUUID()}` })
      return (await openResolution(trx, { ...request, dataType: students, newRun })).runs
    })
    const run = { districtId: rig.districtId, runId: runs[0]?.id ?? '' }
    await rig.step('openRun', run)
    await rig.step('buildPlan', run)
    await rig.step('applyPlan', { ...run, part: 'all' })
    assert.equal((await rig.close(run, { kind: 'applied' })).state, 'completed')
    assert.deepEqual((await readPeople()).slice(0, 2), [
      'n-p1 p0 Ines Rowe 2010-03-10 female active',
      'n-p0 p1 Theo Vance 2011-03-11 male active',
    ])
  })
})

describe('a package without an identifier of somebody we hold', () => {
  it('keeps the id, takes the rest and warns; a new one without is not imported', async () => {
    const people = [
      { ...ines, identifier: 'n-p1', familyName: 'Rowe-Adams' },
      { ...theo, identifier: 'n-p0' },
      ...others.map((other) => (other.id === 'p2' ? { ...other, identifier: '', givenName: 'Lukas' } : other)),
      person('p9', 'Priya', 'Adeyemi', 'north', 'KG', { identifier: '' }),
    ]
    const { counts, run } = await importPeople(people)
    assert.deepEqual([counts.updated, counts.created], [2, 0])
    assert.ok((await readPeople()).includes('n-p2 p2 Lukas Selby 2012-03-12 female active'))
    const { findingsByRule } = await rig.readRun(run)
    assert.equal(findingsByRule['I-13']?.count, 1)
    assert.equal(findingsByRule['I-03']?.count, 1)
  })
})
