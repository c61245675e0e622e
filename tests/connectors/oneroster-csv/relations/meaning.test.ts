import assert from 'node:assert/strict'
import { append, checkRelated, cleanDistrict, edit, withFiles } from '../../../fixtures/related-package.ts'
import type { RelatedPackage } from '../../../fixtures/related-package.ts'

const clean11 = cleanDistrict('1.1')
const clean12 = cleanDistrict('1.2')
const strict = (pack: RelatedPackage) => checkRelated(pack, 'strict')
const byDefault = (pack: RelatedPackage) => checkRelated(pack, 'default')
const of = (rule: string, findings: readonly string[]) => findings.filter((finding) => finding.startsWith(rule))

/** Both profiles at once: what the rule says in strict and by default. */
function both(rule: string, pack: RelatedPackage) {
  return { strict: of(rule, strict(pack).findings), default: of(rule, byDefault(pack).findings) }
}

const student = (sourcedId: string, more: Record<string, string> = {}) => ({
  ...{ sourcedId, enabledUser: 'true', orgSourcedIds: 'org-school', role: 'student', username: sourcedId },
  ...more,
})
const enrollment = (sourcedId: string, user: string, more: Record<string, string> = {}) => ({
  ...{ sourcedId, classSourcedId: 'cls-1', schoolSourcedId: 'org-school', userSourcedId: user, role: 'student' },
  ...more,
})

describe('sessions', () => {
  it('S-01: a course of a session that is no school year', () => {
    const pack = withFiles(clean11, { courses: edit('crs-1', { schoolYearSourcedId: 'ses-fall' }) })
    const place = 'courses:2 schoolYearSourcedId'
    assert.deepEqual(both('S-01', pack), { strict: [`S-01 error ${place}`], default: [`S-01 warning ${place}`] })
    assert.equal(strict(pack).accepted['courses'], 0)
    assert.equal(byDefault(pack).accepted['courses'], 1)
  })

  it('S-04: a session that ends when it starts', () => {
    const pack = withFiles(clean11, { academicSessions: edit('ses-spring', { endDate: '2027-01-01' }) })
    const found = ['S-04 error academicSessions:4 endDate']
    assert.deepEqual(both('S-04', pack), { strict: found, default: found })
  })

  it('S-05: a session outside its parent, and siblings that overlap', () => {
    const outside = withFiles(clean11, { academicSessions: edit('ses-spring', { endDate: '2027-07-02' }) })
    assert.deepEqual(both('S-05', outside), { strict: [], default: ['S-05 info academicSessions:4'] })
    const overlap = withFiles(clean11, { academicSessions: edit('ses-spring', { startDate: '2026-12-20' }) })
    assert.deepEqual(both('S-05', overlap), { strict: [], default: ['S-05 info academicSessions:4'] })
  })

  it('S-06: a school year named after its start; one that ends on New Year may have either year', () => {
    const pack = withFiles(clean11, { academicSessions: edit('ses-year', { schoolYear: '2026' }) })
    assert.deepEqual(both('S-06', pack), { strict: [], default: ['S-06 info academicSessions:2 schoolYear'] })
    for (const schoolYear of ['2027', '2026']) {
      const calendar = {
        sourcedId: 'cal',
        type: 'schoolYear',
        startDate: '2026-01-01',
        endDate: '2027-01-01',
        schoolYear,
      }
      assert.deepEqual(both('S-06', withFiles(clean11, { academicSessions: append(calendar) })).default, [])
    }
  })
})

describe('classes', () => {
  it('S-02: class, enrollment and line item at an org that is no school', () => {
    const pack = withFiles(clean12, {
      orgs: append({ sourcedId: 'org-ext', name: 'X', type: 'ext:campus', parentSourcedId: 'org-district' }),
      classes: edit('cls-1', { schoolSourcedId: 'org-dept' }),
      enrollments: append(enrollment('enr-x', 'stu-2', { schoolSourcedId: 'org-ext', beginDate: '2026-09-01' })),
      lineItems: edit('lin-1', { schoolSourcedId: 'org-district' }),
    })
    assert.deepEqual(both('S-02', pack).default, [
      'S-02 warning classes:2 schoolSourcedId',
      'S-02 warning lineItems:2 schoolSourcedId',
    ])
    assert.equal(strict(pack).accepted['classes'], 0)
    const enrolled = withFiles(clean11, { enrollments: edit('enr-stu-1', { schoolSourcedId: 'org-dept' }) })
    assert.deepEqual(both('S-02', enrolled), {
      strict: ['S-02 error enrollments:2 schoolSourcedId'],
      default: ['S-02 warning enrollments:2 schoolSourcedId'],
    })
  })

  it('S-07: a class of a school year or a grading period', () => {
    for (const session of ['ses-year', 'ses-gp']) {
      const pack = withFiles(clean11, { classes: edit('cls-1', { termSourcedIds: `ses-fall,${session}` }) })
      assert.deepEqual(both('S-07', pack), { strict: [], default: ['S-07 info classes:2 termSourcedIds'] })
    }
  })

  it('S-08: a class whose terms are all over, or all to come', () => {
    const future = withFiles(clean11, { classes: edit('cls-1', { termSourcedIds: 'ses-spring' }) })
    const past = withFiles(clean11, {
      academicSessions: edit('ses-fall', { endDate: '2026-10-01' }),
      classes: edit('cls-1', { termSourcedIds: 'ses-fall' }),
    })
    for (const pack of [future, past]) {
      assert.deepEqual(both('S-08', pack), { strict: [], default: ['S-08 info classes:2 termSourcedIds'] })
    }
    const lastDay = withFiles(clean11, {
      academicSessions: edit('ses-fall', { endDate: '2026-10-02' }),
      classes: edit('cls-1', { termSourcedIds: 'ses-fall' }),
    })
    assert.deepEqual(both('S-08', lastDay).default, [])
  })

  it('S-11: a class without teacher or students, a student without enrollment; parents have none by nature', () => {
    const pack = withFiles(clean11, {
      classes: append({ ...(clean11.files['classes'] ?? [])[0], sourcedId: 'cls-2' }),
      users: append(student('stu-3')),
    })
    assert.deepEqual(both('S-11', pack), { strict: [], default: ['S-11 info classes:3', 'S-11 info users:6'] })
    const delta = { ...pack, deltaFiles: ['enrollments'] }
    assert.deepEqual(both('S-11', delta).default, [])
  })

  it('S-24: more than fifty students in a class, more than fifty classes for a teacher', () => {
    const many = Array.from({ length: 49 }, (_, index) => `many-${index}`)
    const pack = withFiles(clean11, {
      users: append(...many.map((id) => student(id))),
      enrollments: append(...many.map((id) => enrollment(`e-${id}`, id))),
    })
    assert.deepEqual(both('S-24', pack), { strict: [], default: ['S-24 info classes:2'] })
    const classes = Array.from({ length: 50 }, (_, index) => `more-${index}`)
    const busy = withFiles(clean11, {
      classes: append(...classes.map((sourcedId) => ({ ...(clean11.files['classes'] ?? [])[0], sourcedId }))),
      enrollments: append(
        ...classes.map((id) => enrollment(`e-${id}`, 'tea-1', { classSourcedId: id, role: 'teacher' })),
      ),
    })
    assert.deepEqual(both('S-24', busy), { strict: [], default: ['S-24 info users:5'] })
    const fifty = withFiles(pack, { enrollments: (rows) => rows.slice(0, -1) })
    assert.deepEqual(both('S-24', fifty).default, [])
  })
})

describe('enrollments', () => {
  it('S-03: another school than that of the class', () => {
    const pack = withFiles(clean11, {
      orgs: append({ sourcedId: 'org-2', name: 'N', type: 'school', parentSourcedId: 'org-district' }),
      enrollments: edit('enr-stu-2', { schoolSourcedId: 'org-2' }),
    })
    assert.deepEqual(both('S-03', pack), { strict: [], default: ['S-03 warning enrollments:3 schoolSourcedId'] })
  })

  it('S-09: a second primary teacher', () => {
    const pack = withFiles(clean11, {
      users: append(student('tea-2', { role: 'teacher' })),
      enrollments: append(enrollment('e', 'tea-2', { role: 'teacher', primary: 'true' })),
    })
    assert.deepEqual(both('S-09', pack), { strict: [], default: ['S-09 warning enrollments:5 primary'] })
  })

  it('S-10: a student marked primary', () => {
    const pack = withFiles(clean11, { enrollments: edit('enr-stu-1', { primary: 'true' }) })
    assert.deepEqual(both('S-10', pack), { strict: [], default: ['S-10 warning enrollments:2 primary'] })
    const not = withFiles(clean11, { enrollments: edit('enr-stu-1', { primary: 'false' }) })
    assert.deepEqual(both('S-10', not).default, [])
  })

  it('S-12: leaves the repeated enrollment out, but not a second stay with other dates', () => {
    const again = withFiles(clean11, { enrollments: append(enrollment('again', 'stu-1')) })
    assert.deepEqual(both('S-12', again), { strict: [], default: ['S-12 warning enrollments:5'] })
    assert.equal(byDefault(again).accepted['enrollments'], 3)
    assert.equal(strict(again).accepted['enrollments'], 4)
    const back = withFiles(clean11, { enrollments: append(enrollment('back', 'stu-1', { beginDate: '2026-09-20' })) })
    assert.deepEqual(both('S-12', back).default, [])
  })

  it('S-13: a student enrolled as teacher is a warning, never an error', () => {
    for (const clean of [clean11, clean12]) {
      const pack = withFiles(clean, { enrollments: append(enrollment('e', 'stu-1', { role: 'teacher' })) })
      assert.deepEqual(both('S-13', pack), { strict: [], default: ['S-13 warning enrollments:5 role'] })
    }
  })
})

describe('roles (1.2)', () => {
  const role = (sourcedId: string, more: Record<string, string>) => ({
    ...{ sourcedId, userSourcedId: 'stu-2', roleType: 'primary', role: 'student', orgSourcedId: 'org-school' },
    ...more,
  })

  it('S-14: a second primary role in one org', () => {
    const pack = withFiles(clean12, { roles: append(role('r', {})) })
    const found = ['S-14 error roles:6 roleType']
    assert.deepEqual(both('S-14', pack), { strict: found, default: found })
    const elsewhere = withFiles(clean12, {
      roles: append(role('r', { orgSourcedId: 'org-dept' }), role('s', { roleType: 'secondary' })),
    })
    assert.deepEqual(both('S-14', elsewhere).default, [])
    const third = withFiles(clean12, {
      roles: append(role('r', { orgSourcedId: 'org-dept' }), role('s', { orgSourcedId: 'org-dept' })),
    })
    assert.deepEqual(both('S-14', third).default, ['S-14 error roles:7 roleType'])
  })

  it('S-15: secondary roles only', () => {
    const pack = withFiles(clean12, { roles: edit('role-stu-2', { roleType: 'secondary' }) })
    assert.deepEqual(both('S-15', pack), { strict: [], default: ['S-15 warning users:3'] })
  })

  it('S-16: a primary org without a role there', () => {
    const pack = withFiles(clean12, { users: edit('stu-2', { primaryOrgSourcedId: 'org-dept' }) })
    const place = 'users:3 primaryOrgSourcedId'
    assert.deepEqual(both('S-16', pack), { strict: [`S-16 error ${place}`], default: [`S-16 warning ${place}`] })
    const second = withFiles(pack, { roles: append(role('r', { roleType: 'secondary', orgSourcedId: 'org-dept' })) })
    assert.deepEqual(both('S-16', second).default, [])
  })

  it('S-17: the profile of another user', () => {
    const pack = withFiles(clean12, { roles: edit('role-stu-2', { userProfileSourcedId: 'pro-1' }) })
    const found = ['S-17 error roles:3 userProfileSourcedId']
    assert.deepEqual(both('S-17', pack), { strict: found, default: found })
  })

  it('S-18: a user without roles; once for the file when roles.csv is missing', () => {
    const pack = withFiles(clean12, { roles: (rows) => rows.filter(({ userSourcedId }) => userSourcedId !== 'par-1') })
    assert.deepEqual(both('S-18', pack), { strict: [], default: ['S-18 warning users:4'] })
    const absent = withFiles(clean12, { roles: undefined })
    assert.deepEqual(both('S-18', absent), { strict: [], default: ['S-18 warning users'] })
    assert.deepEqual(both('S-18', clean11).default, [])
  })
})

describe('users and demographics', () => {
  it('S-19: demographics of nobody', () => {
    const pack = withFiles(clean11, { demographics: append({ sourcedId: 'nobody' }) })
    const found = ['S-19 error demographics:4 sourcedId']
    assert.deepEqual(both('S-19', pack), { strict: found, default: found })
    assert.equal(byDefault(pack).accepted['demographics'], 2)
  })

  it('S-20: one e-mail address whatever its case, one identifier or one user id for two active users', () => {
    const pack = withFiles(clean11, {
      users: append(
        student('a', { email: 'STU-1@example.org', role: 'proctor' }),
        student('b', { identifier: '9stu-1', role: 'proctor' }),
        student('c', { userIds: '{Fed:7},{LDAP:stu-1}', role: 'proctor' }),
        student('d', { identifier: '9STU-1', role: 'proctor' }),
      ),
    })
    assert.deepEqual(both('S-20', pack), {
      strict: [],
      default: ['S-20 warning users:6 email', 'S-20 warning users:7 identifier', 'S-20 warning users:8 userIds'],
    })
  })

  it('S-20: blanks, users that are withdrawn or may not sign in, and one user alone are no repetition', () => {
    const pack = withFiles(clean11, {
      users: append(
        student('a', { email: 'stu-1@example.org', status: 'tobedeleted' }),
        student('b', { email: 'stu-1@example.org', enabledUser: 'false', role: 'proctor' }),
        student('c', { userIds: '{a:1},{a:1}', role: 'proctor' }),
        student('d', { email: ' ', role: 'proctor' }),
        student('e', { email: ' ', role: 'proctor' }),
      ),
    })
    assert.deepEqual(both('S-20', pack).default, [])
  })

  it('S-25: a birth date in the future, and a student of an unlikely age', () => {
    const born = (birthDate: string) => withFiles(clean11, { demographics: edit('stu-1', { birthDate }) })
    const found = { strict: [], default: ['S-25 warning demographics:2 birthDate'] }
    for (const day of ['2026-10-02', '2024-10-02', '2000-10-01']) assert.deepEqual(both('S-25', born(day)), found)
    for (const day of ['2024-10-01', '2000-10-02', '']) assert.deepEqual(both('S-25', born(day)).default, [])
  })
})

describe('gradebook and resources', () => {
  it('S-21: bounds in the wrong order, a score outside, another class, a student not enrolled', () => {
    const range = withFiles(clean11, { lineItems: edit('lin-1', { resultValueMin: '20' }), results: undefined })
    const rangePlace = 'lineItems:2 resultValueMin'
    assert.deepEqual(both('S-21', range), {
      strict: [`S-21 error ${rangePlace}`],
      default: [`S-21 warning ${rangePlace}`],
    })
    const score = withFiles(clean11, { results: edit('res-1', { score: '12.6' }) })
    assert.deepEqual(both('S-21', score).default, ['S-21 warning results:2 score'])
    const below = withFiles(clean11, { results: edit('res-1', { score: '-1' }) })
    assert.deepEqual(both('S-21', below).strict, ['S-21 error results:2 score'])
    const others = withFiles(clean12, {
      classes: append({ ...(clean11.files['classes'] ?? [])[0], sourcedId: 'cls-2' }),
      results: edit('res-1', { classSourcedId: 'cls-2', studentSourcedId: 'tea-1' }),
    })
    assert.deepEqual(both('S-21', others).default, [
      'S-21 warning results:2 classSourcedId',
      'S-21 warning results:2 studentSourcedId',
    ])
    const open = withFiles(clean12, { lineItems: edit('lin-1', { resultValueMin: '', resultValueMax: '' }) })
    assert.deepEqual(both('S-21', open).default, [])
  })

  it('S-22: a line item of a school year', () => {
    for (const [clean, column] of [
      [clean11, 'gradingPeriodSourcedId'],
      [clean12, 'academicSessionSourcedId'],
    ] as const) {
      const pack = withFiles(clean, { lineItems: edit('lin-1', { [column]: 'ses-year' }), results: undefined })
      const place = `lineItems:2 ${column}`
      assert.deepEqual(both('S-22', pack), { strict: [`S-22 error ${place}`], default: [`S-22 warning ${place}`] })
    }
  })

  it('S-23: a resource of another school, for a user not enrolled, for another role', () => {
    const org = withFiles(clean12, { userResources: edit('usr-1', { orgSourcedId: 'org-district' }) })
    assert.deepEqual(both('S-23', org), {
      strict: ['S-23 error userResources:2 orgSourcedId'],
      default: ['S-23 warning userResources:2 orgSourcedId'],
    })
    const user = withFiles(clean12, { userResources: edit('usr-1', { userSourcedId: 'par-1' }) })
    assert.deepEqual(both('S-23', user).default, [
      'S-23 warning userResources:2 classSourcedId',
      'S-23 warning userResources:2 resourceSourcedId',
    ])
    const forAll = withFiles(user, { resources: edit('rsc-1', { roles: '' }) })
    assert.deepEqual(both('S-23', forAll).default, ['S-23 warning userResources:2 classSourcedId'])
  })
})
