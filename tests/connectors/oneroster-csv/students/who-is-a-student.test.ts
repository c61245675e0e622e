import assert from 'node:assert/strict'
import { RosterPackage } from '../../../fixtures/roster-package.ts'
import { extract } from './extracted.ts'

const studentsOf = async (roster: RosterPackage, ...rest: [] | [{ sourceKey: string; type: string }[]]) =>
  (await extract(roster.members(), ...rest)).students
const second = 'student-2 active school-1'
const both = ['student-1 active school-1', second]

describe('a row of users.csv', () => {
  it('is a student by its role, in whatever case, and nobody else is', async () => {
    assert.deepEqual(await studentsOf(new RosterPackage()), both)
    assert.deepEqual(await studentsOf(new RosterPackage().set('users', 0, 'role', ' STUDENT')), both)
    assert.deepEqual(await studentsOf(new RosterPackage().set('users', 0, 'role', 'aide')), [second])
  })

  it('is withdrawn by its status, and when it is not enabled', async () => {
    const withdrawn = ['student-1 inactive school-1', second]
    assert.deepEqual(await studentsOf(new RosterPackage().set('users', 0, 'enabledUser', 'FALSE')), withdrawn)
    for (const status of ['tobedeleted', 'toBeDeleted', 'inactive']) {
      assert.deepEqual(await studentsOf(new RosterPackage('1.1', 'delta').set('users', 0, 'status', status)), withdrawn)
    }
    assert.deepEqual(await studentsOf(new RosterPackage('1.1', 'delta').set('users', 0, 'status', 'active')), both)
  })

  it('that was refused counts as seen where it is a student or may be one', async () => {
    const refused = (role: string) =>
      new RosterPackage().set('users', 0, 'familyName', '').set('users', 0, 'role', role)
    for (const role of ['student', '', 'pupil']) {
      assert.deepEqual(await studentsOf(refused(role)), ['student-1 rejected school-1', second])
    }
    for (const role of ['administrator', 'aide', 'guardian', 'parent', 'proctor', 'relative', 'teacher']) {
      assert.deepEqual(await studentsOf(refused(role)), [second])
    }
    const gone = refused('student').set('users', 0, 'enabledUser', 'false')
    assert.deepEqual(await studentsOf(gone), ['student-1 rejected school-1', second])
  })

  it('is given once when it comes once for each school, and again with all of them', async () => {
    const roster = new RosterPackage().addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
    roster.addRow('users', { orgSourcedIds: 'school-2' })
    // So does a teacher, who is none of ours.
    roster.rows('users').push([...(roster.rows('users')[2] ?? [])])
    roster.set('users', 4, 'orgSourcedIds', 'school-2')
    const { students, replaced, report } = await extract(roster.members())
    assert.deepEqual([students, replaced], [both, ['student-1 active -> active school-1,school-2']])
    assert.equal(report.rowsRead, 2)
  })

  it('makes a package usable by the row that is in order, when another of hers is not', async () => {
    const roster = new RosterPackage()
      .set('users', 0, 'orgSourcedIds', 'nowhere')
      .addRow('users', { orgSourcedIds: 'school-1' })
    roster.rows('users').splice(1, 2)
    roster.clear('enrollments').clear('demographics').clear('results')
    const { students, replaced, report } = await extract(roster.members())
    assert.deepEqual(students, ['student-1 rejected nowhere'])
    assert.deepEqual(replaced, ['student-1 rejected -> active school-1'])
    assert.equal(report.isUsable, true)
  })
})

describe('what is no row of a student', () => {
  it('is the org, which is given where it is in order', async () => {
    const roster = new RosterPackage().addRow('orgs', { sourcedId: 'school-2', name: '', type: 'school' })
    const { orgs } = await extract(roster.members())
    assert.deepEqual(orgs, ['district-1 district', 'school-1 school'])
  })

  it('is a row of another file, also where it is merged and its id is that of a student', async () => {
    const roster = new RosterPackage('1.2').set('resources', 0, 'sourcedId', 'student-1')
    const { replaced, students, findings } = await extract(roster.addRow('resources', { roles: 'student' }).members())
    assert.ok(findings.includes('R-10 resources.csv 3'), findings.join())
    assert.deepEqual([replaced, students], [[], both])
  })
})

describe('the school of a student', () => {
  const school2 = { sourcedId: 'school-2', name: 'North', type: 'School' }
  const at = async (orgs: string, ...rest: [] | [{ sourceKey: string; type: string }[]]) => {
    const roster = new RosterPackage().addRow('orgs', school2).set('users', 0, 'orgSourcedIds', orgs)
    const { students, findings } = await extract(roster.members(), ...rest)
    return [students[0]?.split(' ').slice(2).join(' '), ...findings.filter((text) => text.startsWith('I-06'))]
  }

  it('is whatever of the orgs is a school, each once, in their order', async () => {
    assert.deepEqual(await at('district-1,school-2'), ['school-2'])
    assert.deepEqual(await at('school-2, school-1 ,school-2'), ['school-2,school-1'])
  })

  it('is the first org where none is a school, and that is told', async () => {
    assert.deepEqual(await at('district-1'), ['district-1', 'I-06 users.csv 2'])
    const roster = new RosterPackage().set('users', 0, 'orgSourcedIds', 'district-1')
    roster.set('users', 2, 'orgSourcedIds', 'district-1').set('users', 1, 'enabledUser', 'false')
    roster.set('users', 1, 'orgSourcedIds', 'district-1')
    const { findings } = await extract(roster.members())
    assert.deepEqual(
      findings.filter((text) => text.startsWith('I-06')),
      ['I-06 users.csv 2'],
    )
  })

  it('is told to be none where none of her rows names one', async () => {
    const roster = new RosterPackage().addRow('orgs', { sourcedId: 'office', name: 'Office', type: 'department' })
    roster.set('users', 0, 'orgSourcedIds', 'district-1').addRow('users', { orgSourcedIds: 'office' })
    const { findings, replaced } = await extract(roster.members())
    assert.deepEqual(replaced, ['student-1 active -> active district-1'])
    assert.deepEqual(
      findings.filter((text) => text.startsWith('I-06')),
      ['I-06 users.csv 2'],
    )
  })

  it('is not told to be none when a later row names one, and is told of a refused one never', async () => {
    const roster = new RosterPackage()
      .set('users', 0, 'orgSourcedIds', 'district-1')
      .addRow('users', { orgSourcedIds: 'school-1' })
    roster.set('users', 1, 'orgSourcedIds', 'district-1').set('users', 1, 'familyName', '')
    const { findings } = await extract(roster.members())
    assert.deepEqual(
      findings.filter((text) => text.startsWith('I-06')),
      [],
    )
  })

  it('may be one that an earlier package brought, unless this one says what it is', async () => {
    const held = [
      { sourceKey: 'school-9', type: 'school' },
      { sourceKey: 'district-1', type: 'school' },
    ]
    const roster = new RosterPackage('1.1', 'delta').set('users', 0, 'orgSourcedIds', 'district-1,school-9')
    assert.equal((await studentsOf(roster, held))[0], 'student-1 active school-9')
  })
})

describe('a row of users.csv in 1.2', () => {
  it('is a student by a primary role that is in force', async () => {
    const roster = () => new RosterPackage('1.2')
    assert.deepEqual(await studentsOf(roster()), both)
    assert.deepEqual(await studentsOf(roster().set('roles', 0, 'roleType', 'secondary')), [second])
    assert.deepEqual(await studentsOf(roster().set('roles', 0, 'role', 'aide')), [second])
    const delta = () => new RosterPackage('1.2', 'delta')
    assert.deepEqual(await studentsOf(delta().set('roles', 0, 'status', 'tobedeleted')), [second])
    assert.deepEqual(await studentsOf(delta().set('roles', 0, 'status', 'inactive')), [second])
  })

  it('is at the orgs of her roles where users.csv names none', async () => {
    const roster = new RosterPackage('1.2').addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
    roster.set('roles', 0, 'orgSourcedId', 'school-2')
    assert.deepEqual(await studentsOf(roster), both)
    assert.deepEqual(await studentsOf(roster.set('users', 0, 'primaryOrgSourcedId', '')), [
      'student-1 active school-2',
      second,
    ])
  })

  it('says of a refused row who it was', async () => {
    const roster = new RosterPackage('1.2').set('users', 0, 'familyName', '').set('users', 2, 'familyName', '')
    assert.deepEqual(await studentsOf(roster), ['student-1 rejected school-1', second])
  })
})

describe('a row of demographics.csv', () => {
  it('is given where it is in order and not withdrawn', async () => {
    const demographicsOf = async (roster: RosterPackage) => (await extract(roster.members())).demographics
    assert.deepEqual(await demographicsOf(new RosterPackage()), ['student-1 active', 'student-2 active'])
    const withdrawn = new RosterPackage('1.1', 'delta').set('demographics', 0, 'status', 'tobedeleted')
    assert.deepEqual(await demographicsOf(withdrawn), ['student-2 active'])
    const refused = new RosterPackage()
    refused.rows('demographics')[0]?.push('one too many')
    assert.deepEqual(await demographicsOf(refused), ['student-2 active'])
  })
})
