import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import { startTestStack } from '../harness/stack.ts'
import { RosterPackage } from '../fixtures/roster-package.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import { DistrictOnStack, packageOf, parseRecords } from './district-on-stack.ts'
import { expectedRecord, inventStudents, recordColumns } from './invented-rows.ts'

const stackStarted = startTestStack()
const seed = 4711
const students = 2000
const people = inventStudents(seed, students)

describe('a OneRoster package', () => {
  const invented = { seed, students }
  let district: DistrictOnStack
  beforeAll(async () => {
    district = await DistrictOnStack.create(await stackStarted, 'lincoln')
  })

  it('becomes student records that equal the source field by field', async () => {
    const { exitCode, run, stderr } = await district.import(await packageOf(invented))
    assert.equal(exitCode, 0, stderr)
    assert.equal(run.state, 'completed')
    assert.equal(run.statusText, 'Import Completed')
    assert.deepEqual(
      { ...run.counts },
      {
        ...{ read: students, rejected: 0, skipped: 0, created: students, updated: 0 },
        ...{ deactivated: 0, reactivated: 0, unchanged: 0, duplicates: 0 },
      },
    )

    const printed = await district.command('records', 'students', '--district', district.slug, '--csv')
    assert.equal(printed.exitCode, 0)
    const records = parseRecords(printed.stdout)
    const [first = {}] = records.values()
    assert.deepEqual(Object.keys(first), recordColumns)
    assert.equal(records.size, students)
    for (const person of people) {
      const { recordId, ...fields } = records.get(person.identifier) ?? {}
      assert.match(recordId ?? '', /^[0-9a-f-]{36}$/)
      assert.deepEqual(fields, expectedRecord(person))
    }
    assert.deepEqual([...records.keys()], [...records.keys()].sort(), 'in order of sisId')
  })

  it('is unchanged when the same bytes come again', async () => {
    const { exitCode, run } = await district.import(await packageOf(invented))
    assert.equal(exitCode, 0)
    assert.equal(run.state, 'unchanged')
  })

  it('touches no record when one byte differs and no row', async () => {
    const before = await district.snapshot()
    const { exitCode, run } = await district.import(await packageOf({ ...invented, comment: '1' }))
    assert.equal(exitCode, 0)
    assert.equal(run.state, 'completed')
    assert.equal(run.counts.unchanged, students)
    assert.equal(run.counts.updated + run.counts.created + run.counts.deactivated, 0)
    assert.deepEqual(await district.snapshot(), before)
  })

  it('updates exactly the 1 % that changed and keeps what they were before', async () => {
    const { run } = await district.import(await packageOf({ ...invented, changedEvery: 100 }))
    assert.equal(run.state, 'completed')
    assert.equal(run.counts.updated, students / 100)
    assert.equal(run.counts.unchanged, students - students / 100)

    const records = await district.records()
    for (const [index, person] of people.entries()) {
      const isChanged = (index + 1) % 100 === 0
      assert.equal(records.get(person.identifier)?.['givenName'], person.givenName + (isChanged ? 'a' : ''))
    }
    const journal = await district.query<{ sisId: string; action: string; before: unknown }>(
      `select s.sis_id as "sisId", j.action, j.before from journal j join students s on s.id = j.record_id
       where j.run_id = $1 order by s.sis_id`,
      [run.runId],
    )
    const changed = people.filter((_, index) => (index + 1) % 100 === 0)
    assert.deepEqual(
      journal,
      changed.map(({ identifier, givenName }) => ({ sisId: identifier, action: 'update', before: { givenName } })),
    )
  })

  it('shows its plan and its findings', async () => {
    const [run] = await district.listRuns()
    const plan = await district.command('run', 'plan', run?.runId ?? '', '--csv')
    const rows = parse<Record<string, string>>(plan.stdout, { columns: true })
    assert.equal(rows.filter(({ action }) => action === 'update').length, students / 100)
    const findings = await district.command('run', 'findings', run?.runId ?? '', '--json')
    assert.equal(findings.exitCode, 0)
  })
})

describe('a package of changes only', () => {
  const bulk = () => new RosterPackage().addRow('users', third)
  const third = { sourcedId: 'student-3', username: 'cy.vega', identifier: 'no-student-3', givenName: 'Cy' }
  const delta = () => {
    const changes = new RosterPackage('1.1', 'delta')
    changes.rows('users').splice(2)
    return changes.set('users', 0, 'givenName', 'Adah').set('users', 1, 'status', 'tobedeleted')
  }

  it('changes what it names and leaves alone whom it does not name', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'delta')
    await district.import(makeZip(bulk().members()))
    const { exitCode, run } = await district.import(makeZip(delta().members()))
    assert.equal(exitCode, 0)
    assert.equal(run.counts.updated, 1)
    assert.equal(run.counts.deactivated, 1)

    const records = await district.records('all')
    const shown = [...records.values()].map((record) => `${record['givenName']} ${record['status']}`)
    assert.deepEqual(shown, ['Adah active', 'Ben inactive', 'Cy active'])
  })

  it('is refused by a district that holds nothing yet', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'delta-first')
    const { exitCode, run } = await district.import(makeZip(delta().members()))
    assert.equal(exitCode, 3)
    assert.equal(run.state, 'cancelled')
    assert.ok('D-07' in run.findings.byRule, JSON.stringify(run.findings.byRule))
    assert.equal((await district.records('all')).size, 0)
  })
})

describe('what a package may bring', () => {
  it('is 1.2 with roles.csv, where the primary role says who is a student', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'one-two')
    const { exitCode, run, stderr } = await district.import(makeZip(new RosterPackage('1.2').members()))
    assert.equal(exitCode, 0, stderr)
    assert.equal(run.counts.read, 2)
    const records = await district.records()
    assert.deepEqual([...records.keys()], ['no-student-1', 'no-student-2'])
    assert.equal(records.get('no-student-1')?.['schoolId'], 'school-1')
  })

  it('is students of whom one has no identifier: then all are known by sourcedId', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'no-identifier')
    await district.import(makeZip(new RosterPackage().set('users', 1, 'identifier', '').members()))
    assert.deepEqual([...(await district.records()).keys()], ['student-1', 'student-2'])

    // The choice stands, although the next package would allow another one.
    const { run } = await district.import(makeZip(new RosterPackage().members()))
    assert.equal(run.counts.created, 0)
    assert.deepEqual([...(await district.records()).keys()], ['student-1', 'student-2'])
  })

  it('is metadata columns, which a mapping takes into custom fields', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'metadata')
    const withBus = (line: string) => makeZip(new RosterPackage().addColumn('users', 'metadata.bus', line).members())
    const first = await district.import(withBus('7'))
    assert.ok(!('bus' in ((await district.records()).get('no-student-1') ?? {})))

    // The wizard that maps fields is not built yet; it will write a mapping version as this does.
    await district.query(
      `with next as (
         insert into mapping_versions (district_id, connection_id, data_type, version, document, created_by)
         select district_id, connection_id, data_type, version + 1,
           document || '{"customFields": {"bus": "users.metadata.bus"}}', 'a test'
         from mapping_versions where connection_id = $1 order by version desc limit 1
         returning id, connection_id
       )
       update import_configurations c set mapping_version_id = next.id from next
       where c.connection_id = next.connection_id`,
      [first.run.connection],
    )
    const { run } = await district.import(withBus('7'))
    assert.equal(run.counts.updated, 2, 'the same bytes under another mapping are not unchanged')
    assert.equal((await district.records()).get('no-student-1')?.['bus'], '7')
    await district.import(withBus('8'))
    assert.equal((await district.records()).get('no-student-2')?.['bus'], '8')
  })

  it('is the same ids as those of another district, which neither sees of the other', async () => {
    const [one, other] = await Promise.all([
      DistrictOnStack.create(await stackStarted, 'same-ids-one'),
      DistrictOnStack.create(await stackStarted, 'same-ids-other'),
    ])
    await one.import(makeZip(new RosterPackage().members()))
    const { run } = await other.import(makeZip(new RosterPackage().set('users', 0, 'givenName', 'Zora').members()))
    assert.equal(run.counts.created, 2)
    assert.equal((await one.records()).get('no-student-1')?.['givenName'], 'Ada')
    assert.equal((await other.records()).get('no-student-1')?.['givenName'], 'Zora')
    assert.equal((await one.query('select 1 from students')).length, 2)
  })
})
