import assert from 'node:assert/strict'
import { derivePackageLayout } from '../../../../../connectors/oneroster-csv/rules/package/layout.ts'
import { deriveLookAlike } from '../../../../../connectors/oneroster-csv/rules/package/look-alike.ts'
import type { LookAlike } from '../../../../../connectors/oneroster-csv/rules/package/look-alike.ts'
import { archiveRules, packageRules } from '../../../../../connectors/oneroster-csv/rules/package/rules.ts'
import { showName } from '../../../../../connectors/kit/zip/show-name.ts'
import { listDataFiles, findFileDefinition } from '../../../../../connectors/kit/one-roster/format/files.ts'

function layoutOf(...paths: string[]): ReturnType<typeof derivePackageLayout> {
  return derivePackageLayout(paths.map((path) => ({ path, isFolder: path.endsWith('/'), isSpecial: false })))
}

function recognise(files: Readonly<Record<string, string>>, hasManifest = false): LookAlike | undefined {
  const headers = new Map(Object.entries(files).map(([name, header]) => [name, header.split(',')]))
  return deriveLookAlike({
    headers,
    fileNames: [...headers.keys()].map((name) => `${name.toLowerCase()}.csv`),
    hasManifest,
    dataFileCount: headers.size,
    hasArchiveInside: false,
  })
}

describe('the rules on packages', () => {
  it('are Z-01 to Z-14, each once', () => {
    const ids = packageRules.map(({ id }) => id)
    assert.deepEqual(
      ids.toSorted(),
      Array.from({ length: 14 }, (_, i) => `Z-${String(i + 1).padStart(2, '0')}`),
    )
  })

  it('tell a fault of many entries once', () => {
    const faults = ['a.csv', 'b.csv', 'c.csv'].map((entry) => ({ kind: 'encrypted', entry }) as const)
    const problems = archiveRules.flatMap((rule) => rule.check(faults))
    assert.equal(problems.length, 1)
    assert.match(problems[0]?.message ?? '', /2 more/)
  })

  it('show names without what could harm a terminal or a log', () => {
    assert.equal(showName('a\u001b[31m\n\u202ecsv'), 'a?[31m??csv')
    assert.equal(showName('x'.repeat(500)).length, 101)
  })
})

describe('the layout of a package', () => {
  it('sees through one folder that holds everything, and through no other', () => {
    assert.equal(layoutOf('a/', 'a/users.csv', 'a/orgs.csv').wrapper, 'a/')
    assert.equal(layoutOf('a/users.csv', '__MACOSX/a/._users.csv').wrapper, 'a/')
    assert.equal(layoutOf('a/users.csv', 'orgs.csv').wrapper, '')
    assert.equal(layoutOf('a/users.csv', 'b/orgs.csv').wrapper, '')
    assert.equal(layoutOf('a/users.csv', 'a/b/orgs.csv').wrapper, '')
    assert.equal(layoutOf('a/').wrapper, '')
  })

  it('knows files by their names in any capitals', () => {
    const [member] = layoutOf('ACADEMICSESSIONS.CSV').members
    assert.deepEqual([member?.name, member?.isExact], ['academicSessions', false])
    assert.equal(layoutOf('user.csv').members[0]?.name, undefined)
  })
})

describe('a look-alike', () => {
  it('is never seen in headers of OneRoster 1.1 and 1.2 themselves', () => {
    for (const version of ['1.1', '1.2'] as const) {
      const headers = listDataFiles(version).map((name) => {
        const columns = findFileDefinition(version, name)?.columns ?? []
        return [name, columns.map((column) => column.name).join(',')] as const
      })
      for (const [name, header] of headers) assert.equal(recognise({ [name]: header }), undefined, name)
      assert.equal(recognise(Object.fromEntries(headers)), undefined)
    }
  })

  it('of 1.0 takes two marks, the same mark in two files being one', () => {
    assert.equal(recognise({ classes: 'sourcedId,status,grade', courses: 'sourcedId,status,grade' }), undefined)
    assert.equal(recognise({ classes: 'sourcedId,status,grade,termSourcedId' }), 'OneRoster 1.0')
    assert.equal(recognise({ demographics: 'userSourcedId,status,birthdate' }, true), 'OneRoster 1.0')
    assert.equal(recognise({ demographics: 'sourcedId,status,birthdate' }, true), undefined)
  })

  it('of 1.0 takes one mark where columns that came later are missing too', () => {
    assert.equal(recognise({ users: 'sourcedId,status,role,username,userId,agentSourcedIds' }), 'OneRoster 1.0')
    assert.equal(recognise({ users: 'sourcedId,status,role,username,userIds' }, true), undefined)
    assert.equal(recognise({ users: 'sourcedId,enabledUser,role,username,userId' }, true), undefined)
  })

  it('of SDS is seen by what OneRoster never has, and not where OneRoster columns open the file', () => {
    assert.equal(recognise({ enrollments: 'classSourcedId,userSourcedId,role' }), 'Microsoft SDS v2')
    assert.equal(
      recognise({ demographics: 'userSourcedId,sex,raceCodes', roles: 'userSourcedId' }),
      'Microsoft SDS v2.1',
    )
    const oneRoster = 'status,dateLastModified,classSourcedId,userSourcedId,role'
    assert.equal(recognise({ enrollments: oneRoster }, true), undefined)
  })

  it('is a dump with one suffix in most columns, or a key of its own before each sourcedId', () => {
    assert.equal(recognise({ classes: 'classId_cl,sourcedId_cl,status_cl,term' }), 'database dump')
    assert.equal(recognise({ orgs: 'orgId,sourcedId,name', courses: 'courseId,sourcedId,title' }), 'database dump')
    assert.equal(recognise({ orgs: 'orgId,sourcedId,name', users: 'sourcedId,status,a_b' }, true), undefined)
  })

  it('is anything without a sourcedId and a manifest', () => {
    assert.equal(recognise({ enrollments: 'School_id,Section_id,Student_id' }), 'unrelated')
    assert.equal(recognise({ enrollments: 'School_id,Section_id,Student_id' }, true), undefined)
    assert.equal(recognise({}), undefined)
  })
})
