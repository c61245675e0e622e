import assert from 'node:assert/strict'
import { oneRosterRest } from '../../../connectors/oneroster-rest/connector.ts'
import { startOneRosterRest } from '../../../simulators/oneroster-rest/start.ts'
import { afterTest } from '../../harness/after-test.ts'
import { extractParts, fetchParts, partOf } from './read-all.ts'

const org = { sourcedId: 'S1', status: 'active', name: 'Franklin High', type: 'school' }
const orgs = partOf('orgs', [org])
const ref = (sourcedId: string) => ({ href: `https://or.example.org/${sourcedId}`, sourcedId, type: 'x' })
const pupil = (sourcedId: string, more: object = {}) => ({
  ...{ sourcedId, status: 'active', username: sourcedId, enabledUser: true, givenName: 'Ada', familyName: 'Quist' },
  ...{ role: 'student', orgs: [ref('S1')], agents: [], grades: ['9'], userIds: [{ type: 'SIS', identifier: '7' }] },
  ...more,
})
const read = (users: object[], ...more: Parameters<typeof extractParts>[0][number][]) =>
  extractParts([orgs, partOf('users', users), ...more], '1.1', 'students')

describe('pages of users', () => {
  it('become the rows that a package would have', async () => {
    const { records, report, told } = await read([pupil('u1'), pupil('u2', { status: 'tobedeleted' })])
    assert.deepEqual(told, [])
    assert.deepEqual(
      [records[0]?.values['school'], records[0]?.values['grades'], records[0]?.values['federatedId']],
      ['S1', '09', 'SIS:7'],
    )
    assert.deepEqual([records[1]?.presence, report.isComplete, report.format], ['inactive', true, '1.1'])
  })

  it('take a role that is an object, truth values as text, and keys in another case', async () => {
    const { givenName, ...rest } = pupil('u1', { role: { role: 'student' }, enabledUser: 'true' })
    const { keys, records } = await read([{ ...rest, GivenName: givenName }])
    assert.deepEqual([keys, records[0]?.values['givenName']], [['u1 active'], 'Ada'])
  })

  it('lose nobody by a record that comes twice, and import neither of two that contradict each other', async () => {
    const { keys, report, told } = await read([
      pupil('u1'),
      pupil('u1'),
      pupil('u2'),
      pupil('u2', { givenName: 'Eve' }),
    ])
    assert.deepEqual(keys, ['u1 active', 'u2 active'])
    assert.deepEqual(report.contestedKeys['users'], ['u2'])
    assert.deepEqual(told, ['R-01 error users', 'I-18 warning users'])
  })

  for (const [what, change, expected, becomes] of [
    ['no family name', { familyName: null }, 'F-01 error users familyName', 'rejected'],
    ['an unknown role', { role: 'coach' }, 'F-07 error users role', 'rejected'],
    ['a truth value that is none', { enabledUser: 'yes' }, 'F-06 error users enabledUser', 'rejected'],
    ['no word on whether it is enabled', { enabledUser: null }, 'F-01 warning users enabledUser', 'active'],
    ['an unknown status', { status: 'gone' }, 'F-15 error users status', 'rejected'],
    ['an unknown grade', { grades: ['senior'] }, 'F-12 warning users grades', 'active'],
    ['an agent without an id', { agents: [{ href: 'x' }] }, 'F-02 warning users agentSourcedIds', 'active'],
    ['U+0000 in a name', { givenName: 'A\0da' }, 'C-10 warning users givenName', 'active'],
    ['half a character in a name', { givenName: 'Ad\ud800' }, 'C-10 warning users givenName', 'active'],
    ['an org without an id', { orgs: [{ href: 'x' }] }, 'F-02 error users orgSourcedIds', 'rejected'],
  ] as const) {
    it(`tell of ${what}, by the rule that a package has for it`, async () => {
      const { keys, told, report, findings } = await read([pupil('u1', change), pupil('u2')])
      assert.deepEqual(told, [expected])
      assert.deepEqual(keys, [`u1 ${becomes}`, 'u2 active'])
      // Seen, be it refused: it is not absent.
      assert.equal(report.isComplete, true)
      assert.doesNotMatch(JSON.stringify(findings), /Quist|senior|coach/)
    })
  }

  it('give text that can be kept, in what a district added too', async () => {
    const odd = pupil('u1', { givenName: 'A\0d\ud800', metadata: { gradeLevel: '\ud800' } })
    const { records, told } = await read([odd])
    assert.equal(records[0]?.values['givenName'], 'Ad\ufffd')
    assert.deepEqual(told, ['C-10 warning users givenName', 'C-10 warning users metadata.gradeLevel'])
  })

  it('prove nobody absent where a record has no id', async () => {
    const { sourcedId: _, ...nobody } = pupil('u1')
    const { report, told } = await read([nobody, pupil('u2')])
    assert.deepEqual([report.isComplete, told], [false, ['F-01 error users sourcedId', 'I-18 warning users']])
  })

  const [one, two, three] = [pupil('u1'), pupil('u2'), pupil('u3')]
  const page = (rows: object[], total: string | undefined, next: string | null = null) => {
    const part = partOf('users', rows, {}, next)
    return { ...part, facts: total === undefined ? {} : { total } }
  }
  for (const [what, pages, counts] of [
    ['no total is told', [page([one, two], undefined)], /does not say on each page.*2 different ones came/],
    ['the total is another', [page([one, two], '3')], /there are 3 records of users; 2 different ones came\./],
    ['the total is smaller', [page([one, two], '1')], /there are 1 records of users; 2 different ones came\./],
    ['they were not read to their end', [page([one, two], '2', '{}')], /not read to their end; 2 different/],
    [
      'the total shrinks meanwhile',
      [page([one, two], '3', '{}'), page([three], '2')],
      /3, then 2 records.*3 different/,
    ],
    [
      'a row comes again on another page, though so many came as were said',
      [page([one, two], '3', '{}'), page([two, three], '3')],
      /there are 3 records of users; 3 different ones came, and 1 came once more/,
    ],
  ] as const) {
    it(`prove nobody absent where ${what}, and say what came`, async () => {
      const { report, told, findings } = await extractParts([orgs, ...pages], '1.1', 'students')
      assert.deepEqual([report.isUsable, report.isComplete], [true, false])
      assert.deepEqual(told, ['I-18 warning users'])
      assert.match(findings[0]?.message ?? '', counts)
    })
  }

  it('prove as much as before where a whole page came twice', async () => {
    const pages = [page([one, two], '3', '{}'), page([one, two], '3', '{}'), page([three], '3')]
    const { report, told } = await extractParts([orgs, ...pages], '1.1', 'students')
    assert.deepEqual([report.isComplete, told], [true, []])
  })

  it('are refused as a package would be when there is no school', async () => {
    const { report } = await extractParts([partOf('orgs', []), partOf('users', [pupil('u1')])], '1.1', 'students')
    assert.deepEqual([report.isUsable, report.refusal], [false, 'no school in it is usable'])
  })

  it('of 1.2 say by their roles who is a student', async () => {
    const { role: _role, orgs: _orgs, ...person } = pupil('u1')
    const roles = (...names: string[]) => names.map((role) => ({ roleType: 'primary', role, org: ref('S1') }))
    const users = [
      { ...person, roles: roles('student') },
      { ...person, sourcedId: 'u2', roles: roles('teacher') },
      { ...person, sourcedId: 'u3', roles: roles('captain') },
    ]
    const { keys, told } = await extractParts([orgs, partOf('users', users)], '1.2', 'students')
    assert.deepEqual(keys, ['u1 active', 'u3 rejected'])
    assert.deepEqual(told, ['F-07 error roles role', 'I-09 error users.csv'])
  })
})

describe('pages of demographics and of results', () => {
  it('refuse a date that may be one of two days', async () => {
    const page = partOf('demographics', [{ sourcedId: 'u1', birthDate: '3/4/2011' }])
    assert.deepEqual((await read([pupil('u1')], page)).told, ['F-03 error demographics birthDate'])
  })

  it('give the courses that somebody took, where their metadata has credits', async () => {
    const result = { sourcedId: 'r1', status: 'active', lineItem: ref('l1'), student: ref('u1'), score: 91.5 }
    const parts = [
      orgs,
      partOf('academicSessions', [
        {
          ...{ sourcedId: 't1', title: 'Fall', type: 'term', schoolYear: '2026' },
          startDate: '2025-08-01',
          endDate: '2025-12-20',
        },
      ]),
      partOf('courses', [{ sourcedId: 'k1', title: 'Algebra', org: ref('S1') }]),
      partOf('classes', [
        {
          sourcedId: 'c1',
          title: 'A',
          classType: 'scheduled',
          course: ref('k1'),
          school: ref('S1'),
          terms: [ref('t1')],
        },
      ]),
      partOf('lineItems', [
        {
          ...{
            sourcedId: 'l1',
            title: 'Final',
            assignDate: '2025-12-01T00:00:00.000Z',
            dueDate: '2025-12-02T00:00:00.000Z',
          },
          ...{ class: ref('c1'), category: ref('x'), gradingPeriod: ref('t1'), resultValueMin: 0, resultValueMax: 100 },
        },
      ]),
      partOf('results', [
        {
          ...result,
          scoreStatus: 'fully graded',
          scoreDate: '2025-12-19',
          metadata: { creditsAttempted: 1, creditsEarned: '1' },
        },
      ]),
    ]
    const { records, told } = await extractParts(parts, '1.1', 'courseHistory')
    assert.deepEqual(told, [])
    const { courseTitle, term, score, creditsEarned } = records[0]?.values ?? {}
    assert.deepEqual([courseTitle, term, score, creditsEarned], ['Algebra', 'Fall', '91.5', '1'])
  })
})

describe('what a provider lists', () => {
  it('is counted as read, whoever was withdrawn too: what is unchanged is what else was read', async () => {
    const district = { seed: 11, students: 120, studentsPerSchool: 60, today: '2026-11-22', day: 2 }
    const standIn = await startOneRosterRest({ district, version: '1.2' })
    afterTest(() => standIn.close())
    for (const dataType of oneRosterRest.dataTypes) {
      const parts = await fetchParts({ ...standIn.settings, pauseMs: 0 }, dataType)
      const { records, report } = await extractParts(parts, '1.2', dataType)
      assert.equal(report.rowsRead, records.length, dataType)
    }
  })
})
