import assert from 'node:assert/strict'
import { append, checkRelated, cleanDistrict, edit, withFiles } from '../../../fixtures/related-package.ts'
import type { RelatedPackage } from '../../../fixtures/related-package.ts'

const clean11 = cleanDistrict('1.1')
const clean12 = cleanDistrict('1.2')
const strict = (pack: RelatedPackage) => checkRelated(pack, 'strict')
const byDefault = (pack: RelatedPackage) => checkRelated(pack, 'default')
const onlyOrgs = (...orgs: readonly Record<string, string>[]): RelatedPackage => ({
  version: '1.1',
  files: { orgs: orgs.map((org) => ({ name: 'N', type: 'district', ...org })) },
})

describe('R-01: a sourcedId is there once', () => {
  it('keeps one of two identical rows and warns; strict refuses both', () => {
    const pack = onlyOrgs({ sourcedId: 'o-1' }, { sourcedId: 'o-2' }, { sourcedId: 'o-1' })
    assert.deepEqual(byDefault(pack).findings, ['R-01 warning orgs:4 sourcedId'])
    assert.deepEqual(byDefault(pack).accepted, { orgs: 2 })
    assert.deepEqual(strict(pack).findings, ['R-01 error orgs:2 sourcedId', 'R-01 error orgs:4 sourcedId'])
    assert.deepEqual(strict(pack).accepted, { orgs: 1 })
  })

  it('refuses every row of a group that differs, also one passed as a repetition before', () => {
    const pack = onlyOrgs({ sourcedId: 'o-1' }, { sourcedId: 'o-1' }, { sourcedId: 'o-1', name: 'M' })
    const { findings, accepted } = byDefault(pack)
    assert.deepEqual(findings, [
      'R-01 error orgs:2 sourcedId',
      'R-01 error orgs:3 sourcedId',
      'R-01 error orgs:4 sourcedId',
      'R-01 warning orgs:3 sourcedId',
    ])
    assert.deepEqual(accepted, { orgs: 0 })
  })

  it('counts an id of contradicting rows as missing for references', () => {
    const pack = withFiles(clean11, { classes: (rows) => [...rows, { ...rows[0]!, title: 'Another' }] })
    const { findings, accepted } = byDefault(pack)
    assert.equal(findings.filter((finding) => finding.startsWith('R-05 error enrollments')).length, 3)
    assert.equal(accepted['enrollments'], 0)
  })

  it('does not reject a row twice when other rules had rejected it', () => {
    const pack = { ...onlyOrgs({ sourcedId: 'o-1' }, { sourcedId: 'o-1', name: 'M' }), rejected: ['orgs:2'] }
    assert.deepEqual(byDefault(pack).accepted, { orgs: 0 })
  })
})

describe('R-10: one record in several rows', () => {
  const stu2 = { orgSourcedIds: 'org-district' }
  const again = (change: Record<string, string>, id = 'stu-2') =>
    withFiles(clean11, {
      users: (rows) => [...rows, { ...rows.find(({ sourcedId }) => sourcedId === id), ...change }],
    })

  it('is taken where the rows differ in lists alone, whatever else lies between them', () => {
    const { findings, accepted } = byDefault(again(stu2))
    assert.deepEqual(findings, ['R-10 warning users:6 sourcedId'])
    assert.equal(accepted['users'], 5)
    assert.equal(accepted['demographics'], 2)
  })

  it('is R-01 in the strict profile', () => {
    const { findings } = strict(again(stu2))
    assert.deepEqual(findings.slice(0, 2), ['R-01 error users:3 sourcedId', 'R-01 error users:6 sourcedId'])
  })

  it('is R-01 where anything else differs, for every row, and nobody may point to it', () => {
    const pack = withFiles(again(stu2), {
      users: append({ ...again(stu2).files['users']?.at(-1), givenName: 'Another' }),
    })
    const { findings, accepted } = byDefault(pack)
    assert.deepEqual(findings.slice(0, 3), [
      'R-01 error users:3 sourcedId',
      'R-01 error users:6 sourcedId',
      'R-01 error users:7 sourcedId',
    ])
    assert.ok(findings.includes('R-05 error enrollments:3 userSourcedId'))
    assert.equal(accepted['users'], 3)
  })

  it('holds where the rows differ in padding, in quotes or in a date that a bulk file is not asked for', () => {
    for (const change of [{ givenName: ' Given' }, { dateLastModified: '2026-01-01T00:00:00.000Z' }]) {
      assert.deepEqual(byDefault(again({ ...stu2, ...change })).findings, ['R-10 warning users:6 sourcedId'])
    }
  })

  it('is there though the first of its rows was refused, and without what a refused row says', () => {
    const unknownFirst = withFiles(again(stu2), {
      users: (rows) => rows.map((row, at) => (at === 1 ? { ...row, orgSourcedIds: 'gone' } : row)),
    })
    const { findings, accepted } = byDefault(unknownFirst)
    assert.deepEqual(findings, ['R-05 error users:3 orgSourcedIds', 'R-10 warning users:6 sourcedId'])
    assert.equal(accepted['users'], 4)
    const { findings: refusedLater } = byDefault(again({ orgSourcedIds: 'gone' }))
    assert.deepEqual(refusedLater, ['R-05 error users:6 orgSourcedIds'])
  })

  it('says nothing twice of what its rows share', () => {
    const shared = again({ ...stu2, agentSourcedIds: 'par-1' }, 'stu-1')
    assert.deepEqual(byDefault(shared).findings, ['R-10 warning users:6 sourcedId'])
  })

  it('is found in every file that has lists', () => {
    const twice = withFiles(clean11, { classes: (rows) => [...rows, { ...rows[0], periods: '7' }] })
    assert.deepEqual(byDefault(twice).findings, ['R-10 warning classes:3 sourcedId'])
  })
})

describe('R-02: ids that differ only in capitals', () => {
  it('are warned of by default, whichever spelling comes first', () => {
    const pack = onlyOrgs(
      { sourcedId: 'Org-a' },
      { sourcedId: 'org-a' },
      { sourcedId: 'ORG-A' },
      { sourcedId: 'org-b' },
    )
    assert.deepEqual(byDefault(pack).findings, ['R-02 warning orgs:3 sourcedId', 'R-02 warning orgs:4 sourcedId'])
    assert.deepEqual(byDefault(pack).accepted, { orgs: 4 })
    assert.deepEqual(strict(pack).findings, [])
  })

  it('are different ids to references', () => {
    const pack = withFiles(clean11, { courses: edit('crs-1', { orgSourcedId: 'ORG-school' }) })
    assert.ok(byDefault(pack).findings.includes('R-05 error courses:2 orgSourcedId'))
  })
})

describe('R-03: an id in two files', () => {
  it('is information by default, once for two files', () => {
    const pack = withFiles(clean11, { categories: append({ sourcedId: 'stu-1' }, { sourcedId: 'stu-2' }) })
    const { findings, full } = byDefault(pack)
    assert.deepEqual(findings, ['R-03 info categories', 'R-03 info categories'])
    assert.match(full.map(({ message }) => message).join(), /2 of the ids are also used in users\.csv/)
    assert.deepEqual(strict(pack).findings, [])
  })
})

describe('R-04: the file of a filled reference', () => {
  it('refuses each row of a required reference, and is told once a row, however many files are missing', () => {
    const pack = withFiles(clean11, {
      academicSessions: undefined,
      courses: undefined,
      lineItems: undefined,
      results: undefined,
      classes: append({ ...clean11.files['classes']?.[0], sourcedId: 'cls-2' }),
    })
    const { findings, accepted } = strict(pack)
    assert.deepEqual(
      findings.filter((finding) => finding.startsWith('R-04 error classes')),
      ['R-04 error classes:2 courseSourcedId', 'R-04 error classes:3 courseSourcedId'],
    )
    assert.equal(accepted['classes'], 0)
  })

  it('warns by default of absent courses, and the classes stay', () => {
    const pack = withFiles(clean11, { courses: undefined })
    assert.deepEqual(byDefault(pack).findings, ['R-04 warning classes:2 courseSourcedId'])
    assert.deepEqual(byDefault(pack).accepted['classes'], 1)
  })

  it('costs no row where the reference is optional, and is told once for many rows', () => {
    const courses = ['a', 'b', 'c'].map((id) => ({
      sourcedId: id,
      orgSourcedId: 'org-school',
      schoolYearSourcedId: 'y',
    }))
    const pack: RelatedPackage = { version: '1.1', files: { orgs: clean11.files['orgs'] ?? [], courses } }
    assert.deepEqual(byDefault(pack).findings, ['R-04 warning courses:2 schoolYearSourcedId'])
    assert.equal(byDefault(pack).accepted['courses'], 3)
  })

  it('is not asked of orgs when those held are known', () => {
    const pack: RelatedPackage = {
      version: '1.1',
      heldOrgKeys: ['held-1'],
      files: {
        users: [
          { sourcedId: 'u', orgSourcedIds: 'held-1', role: 'student' },
          { sourcedId: 'v', orgSourcedIds: 'x', role: 'student' },
        ],
      },
    }
    assert.deepEqual(byDefault(pack).findings, ['R-05 error users:3 orgSourcedIds'])
    assert.equal(byDefault(pack).accepted['users'], 1)
  })

  it('refuses demographics without users', () => {
    const pack: RelatedPackage = { version: '1.1', files: { demographics: [{ sourcedId: 'a' }, { sourcedId: 'b' }] } }
    assert.deepEqual(byDefault(pack).findings, [
      'R-04 error demographics:2 sourcedId',
      'R-04 error demographics:3 sourcedId',
    ])
    assert.equal(byDefault(pack).accepted['demographics'], 0)
  })
})

describe('R-05: the record of a reference', () => {
  it('refuses the row when the reference is required', () => {
    const pack = withFiles(clean11, { enrollments: edit('enr-stu-1', { userSourcedId: 'nobody' }), results: undefined })
    for (const check of [strict, byDefault]) {
      assert.ok(check(pack).findings.includes('R-05 error enrollments:2 userSourcedId'))
      assert.equal(check(pack).accepted['enrollments'], 2)
    }
  })

  it('warns by default and refuses in strict when it is optional', () => {
    const pack = withFiles(clean11, { courses: edit('crs-1', { schoolYearSourcedId: 'nowhere' }) })
    assert.deepEqual(byDefault(pack).findings, ['R-05 warning courses:2 schoolYearSourcedId'])
    assert.equal(strict(pack).accepted['courses'], 0)
  })

  it('looks at every item of a list and is told once a cell', () => {
    const pack = withFiles(clean11, { users: edit('stu-2', { orgSourcedIds: 'org-school,org-x,org-y' }) })
    assert.ok(byDefault(pack).findings.includes('R-05 error users:3 orgSourcedIds'))
    const two = withFiles(clean11, { users: edit('stu-2', { orgSourcedIds: 'org-school, org-district' }) })
    assert.deepEqual(byDefault(two).findings, [])
  })

  it('counts a rejected row as missing', () => {
    const pack = { ...clean11, rejected: ['users:2'] }
    const { findings } = byDefault(pack)
    assert.ok(findings.includes('R-05 error enrollments:2 userSourcedId'))
    assert.ok(findings.includes('S-19 error demographics:2 sourcedId'))
  })

  it('settles parents that come later, and what hangs below a lost one', () => {
    const pack = onlyOrgs(
      { sourcedId: 'c', parentSourcedId: 'b', type: 'department' },
      { sourcedId: 'b', parentSourcedId: 'a', type: 'school' },
      { sourcedId: 'a', parentSourcedId: 'nowhere', type: 'district' },
    )
    assert.deepEqual(byDefault(pack).findings, ['R-05 warning orgs:4 parentSourcedId'])
    assert.deepEqual(strict(pack).accepted, { orgs: 0 })
    assert.equal(strict(pack).findings.length, 3)
  })

  it('settles roles and profiles against users that come later', () => {
    const pack = withFiles(clean12, {
      roles: edit('role-stu-2', { userSourcedId: 'nobody' }),
      userProfiles: edit('pro-1', { userSourcedId: 'no-one' }),
    })
    const { findings, accepted } = strict(pack)
    assert.ok(findings.includes('R-05 error roles:3 userSourcedId'))
    assert.ok(findings.includes('R-05 error userProfiles:2 userSourcedId'))
    assert.equal(accepted['userProfiles'], 0)
  })

  it('settles agents before and after the row', () => {
    const pack = withFiles(clean11, { users: edit('stu-2', { agentSourcedIds: 'par-1,nobody' }) })
    assert.ok(byDefault(pack).findings.includes('R-05 warning users:3 agentSourcedIds'))
    assert.equal(byDefault(pack).accepted['users'], 4)
    assert.equal(strict(pack).accepted['users'], 3)
  })

  it('says nothing of a delta row whose target may be held', () => {
    const enrollments = [
      { sourcedId: 'e', status: 'active', classSourcedId: 'c', schoolSourcedId: 's', userSourcedId: 'u' },
    ]
    const pack: RelatedPackage = { version: '1.1', files: { enrollments }, deltaFiles: ['enrollments'] }
    for (const check of [strict, byDefault]) assert.deepEqual(check(pack).findings, [])
    const known = { ...pack, heldOrgKeys: ['other'] }
    assert.deepEqual(byDefault(known).findings, ['R-05 error enrollments:2 schoolSourcedId'])
  })

  it('looks at no reference of a row that is withdrawn', () => {
    const courses = [{ sourcedId: 'c', status: 'tobedeleted', orgSourcedId: 'nowhere' }]
    const pack: RelatedPackage = { version: '1.1', files: { orgs: [], courses } }
    assert.deepEqual(byDefault(pack).findings, [])
  })
})

describe('R-06: a reference to what leaves with this package', () => {
  it('is warned of by default, for records before and parents after', () => {
    const pack = withFiles(clean11, {
      orgs: edit('org-district', { status: 'tobedeleted' }),
      courses: edit('crs-1', { status: 'tobedeleted' }),
    })
    const { findings } = byDefault(pack)
    assert.ok(findings.includes('R-06 warning orgs:3 parentSourcedId'))
    assert.ok(findings.includes('R-06 warning classes:2 courseSourcedId'))
    assert.equal(strict(pack).findings.filter((finding) => finding.startsWith('R-06')).length, 0)
  })
})

describe('R-07: parents in a circle', () => {
  it('refuses every record of the circle, not what hangs below it', () => {
    const pack = onlyOrgs(
      { sourcedId: 'a', parentSourcedId: 'c' },
      { sourcedId: 'b', parentSourcedId: 'a' },
      { sourcedId: 'c', parentSourcedId: 'b' },
      { sourcedId: 'below', parentSourcedId: 'a' },
      { sourcedId: 'alone' },
    )
    const { findings, accepted } = byDefault(pack)
    assert.deepEqual(findings, [
      'R-05 warning orgs:5 parentSourcedId',
      'R-07 error orgs:2 parentSourcedId',
      'R-07 error orgs:3 parentSourcedId',
      'R-07 error orgs:4 parentSourcedId',
    ])
    assert.deepEqual(accepted, { orgs: 2 })
    assert.deepEqual(strict(pack).accepted, { orgs: 1 })
  })

  it('refuses a session that is its own parent', () => {
    const pack = withFiles(clean11, { academicSessions: edit('ses-year', { parentSourcedId: 'ses-year' }) })
    for (const check of [strict, byDefault]) {
      assert.ok(check(pack).findings.includes('R-07 error academicSessions:2 parentSourcedId'))
    }
  })
})

describe('R-08: the hierarchy of orgs', () => {
  it('is warned of by default when upside down', () => {
    const pack = onlyOrgs({ sourcedId: 'd', parentSourcedId: 's' }, { sourcedId: 's', type: 'school' })
    assert.deepEqual(byDefault(pack).findings, [
      'R-08 info orgs:3 parentSourcedId',
      'R-08 warning orgs:2 parentSourcedId',
    ])
    assert.deepEqual(strict(pack).findings, [])
  })

  it('leaves extensions and departments anywhere below alone', () => {
    const pack = onlyOrgs(
      { sourcedId: 'n', type: 'national' },
      { sourcedId: 'x', type: 'ext:region', parentSourcedId: 'n' },
      { sourcedId: 'd', parentSourcedId: 'x' },
      { sourcedId: 'dept', type: 'department', parentSourcedId: 'd' },
    )
    assert.deepEqual(byDefault(pack).findings, [])
  })
})

describe('R-09: agents', () => {
  it('refuses by default a user who is their own agent', () => {
    const pack = withFiles(clean11, { users: edit('stu-2', { agentSourcedIds: 'stu-2' }) })
    const { findings } = byDefault(pack)
    assert.ok(findings.includes('R-09 error users:3 agentSourcedIds'))
    assert.deepEqual(strict(pack).findings, [])
  })

  it('warns of an agent that does not list the user, at the side that lists', () => {
    const pack = withFiles(clean11, { users: edit('par-1', { agentSourcedIds: '' }) })
    assert.deepEqual(byDefault(pack).findings, ['R-09 warning users:2 agentSourcedIds'])
    assert.deepEqual(strict(pack).findings, [])
  })

  it('warns of a teacher as agent of a student, before and after (1.1 and 1.2)', () => {
    for (const clean of [clean11, clean12]) {
      const pack = withFiles(clean, {
        users: (rows) => edit('tea-1', { agentSourcedIds: 'stu-2' })(edit('stu-2', { agentSourcedIds: 'tea-1' })(rows)),
      })
      assert.deepEqual(byDefault(pack).findings, ['R-09 warning users:3 agentSourcedIds'])
    }
  })
})
