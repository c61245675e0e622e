import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import { closeUndo } from '../../../db/undo/close-undo.ts'
import { openUndo } from '../../../db/undo/open-undo.ts'
import { undoRun } from '../../../db/undo/undo-run.ts'
import { students } from '../../../domain/data-types/students.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()
const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
  withDistrict(rig.db, rig.districtId, work)

const first = () =>
  new RosterPackage()
    .addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
    .set('demographics', 0, 'white', 'true')
    .set('demographics', 0, 'hispanicOrLatinoEthnicity', 'true')

/** Many values of the first student are others, and the second has another birth date and gets some that were blank. */
function second(): RosterPackage {
  const roster = first()
  const user = { grades: '10', email: 'a@example.org', username: 'adah', userIds: '{LDAP:7}', phone: '+15035550199' }
  for (const [column, value] of Object.entries({ ...user, orgSourcedIds: 'school-2' }))
    roster.set('users', 0, column, value)
  roster.set('demographics', 1, 'birthDate', '2010-11-20')
  roster.set('demographics', 0, 'white', 'false').set('demographics', 0, 'blackOrAfricanAmerican', 'true')
  return roster.set('demographics', 1, 'asian', 'true').set('demographics', 1, 'white', 'true')
}

async function importRoster(roster: RosterPackage): Promise<string> {
  const run = await rig.giveRun(await rig.giveContent(makeZip(roster.members())))
  assert.equal((await rig.importAll(run)).state, 'completed')
  return run.runId
}

async function undo(runId: string): Promise<string> {
  const now = new Date('2026-11-22T11:00:00Z')
  const opened = await inDistrict((trx) => openUndo(trx, { runId, by: 'operator-7', reason: 'a test', now }))
  assert.ok('undo' in opened)
  const undoId = opened.undo.id
  await undoRun(rig.db, { districtId: rig.districtId, runId: undoId, dataType: students })
  const undoUntil = new Date('2026-11-25T11:00:00Z')
  await inDistrict((trx) => closeUndo(trx, { runId: undoId, end: { kind: 'done' }, now, undoUntil }))
  return undoId
}

const readValues = () =>
  inDistrict(async (trx) => {
    const { rows } = await sql<{ values: Readonly<Record<string, unknown>> }>`
      select to_jsonb(s) - array['revision', 'updated_at', 'primary_digest', 'supplement_digest', 'edited_xid',
        'updated_run_id'] as values from students s order by source_key`.execute(trx)
    return rows.map(({ values }) => values)
  })

describe('values of every type', () => {
  it('go back as they were, lists in their order and blanks to blanks, and forth again', async () => {
    await importRoster(first())
    const before = await readValues()
    assert.deepEqual(
      before.map((values) => values['race']),
      [['asian', 'white'], null],
    )
    const runId = await importRoster(second())
    const after = await readValues()
    assert.deepEqual(
      after.map((values) => values['race']),
      [
        ['asian', 'blackOrAfricanAmerican'],
        ['asian', 'white'],
      ],
    )
    // What records are looked up by follows from the rest.
    const written = Object.keys(before[0]!).filter((name) => !name.endsWith('_folded'))
    const changed = written.filter((name) => String(before[0]![name]) !== String(after[0]![name]))
    const text = ['email', 'federated_id', 'grade_level', 'phone', 'username']
    assert.deepEqual(changed.sort(), [...text, 'class_year', 'race', 'school_id'].sort())
    assert.notEqual(before[1]!['birth_date'], after[1]!['birth_date'])

    const undoId = await undo(runId)
    assert.deepEqual(await readValues(), before)
    await undo(undoId)
    assert.deepEqual(await readValues(), after)
  })

  it('go back field by field too, where a person has touched the record since', async () => {
    await importRoster(first())
    const before = await readValues()
    const runId = await importRoster(second())
    await rig.ask(`update students set home_language = 'eng'`)
    await undo(runId)
    assert.deepEqual(
      await readValues(),
      before.map((values) => ({ ...values, home_language: 'eng' })),
    )
  })
})
