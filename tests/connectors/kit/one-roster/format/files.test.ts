import assert from 'node:assert/strict'
import {
  findFileDefinition,
  listDataFiles,
  readingOrder,
} from '../../../../../connectors/kit/one-roster/format/files.ts'
import type { Column, OneRosterVersion } from '../../../../../connectors/kit/one-roster/format/column.ts'
import { repairValue } from '../../../../../connectors/kit/one-roster/format/repair-value.ts'

function header(version: OneRosterVersion, file: string): string {
  return (
    findFileDefinition(version, file)
      ?.columns.map(({ name }) => name)
      .join(',') ?? ''
  )
}

function column(file: string, name: string): Column {
  const found = findFileDefinition('1.1', file)?.columns.find((one) => one.name === name)
  assert.ok(found)
  return found
}

describe('the definitions of OneRoster files', () => {
  it('know 13 data files of 1.1 and 21 of 1.2', () => {
    assert.equal(listDataFiles('1.1').length, 13)
    assert.equal(listDataFiles('1.2').length, 21)
    assert.deepEqual([...readingOrder].sort(), [...listDataFiles('1.2')].sort())
  })

  it('give the headers in which the versions differ', () => {
    const common = 'sourcedId,status,dateLastModified,'
    const names = 'givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password'
    assert.equal(header('1.1', 'users'), `${common}enabledUser,orgSourcedIds,role,username,userIds,${names}`)
    assert.equal(
      header('1.2', 'users'),
      `${common}enabledUser,username,userIds,${names},userMasterIdentifier,preferredGivenName,preferredMiddleName,` +
        'preferredFamilyName,primaryOrgSourcedId,pronouns',
    )
    const lineItem = 'title,description,assignDate,dueDate,classSourcedId,categorySourcedId,'
    assert.equal(header('1.1', 'lineItems'), `${common}${lineItem}gradingPeriodSourcedId,resultValueMin,resultValueMax`)
    assert.equal(
      header('1.2', 'lineItems'),
      `${common}${lineItem}academicSessionSourcedId,resultValueMin,resultValueMax,schoolSourcedId`,
    )
    assert.equal(header('1.1', 'roles'), '')
  })

  it('point every reference to a file of the same version', () => {
    for (const version of ['1.1', '1.2'] satisfies OneRosterVersion[]) {
      for (const file of listDataFiles(version)) {
        for (const { target, type } of findFileDefinition(version, file)?.columns ?? []) {
          if (target === undefined) continue
          assert.equal(type, 'guid')
          assert.ok(findFileDefinition(version, target), `${file} -> ${target}`)
        }
      }
    }
  })

  it('extend vocabularies by ext: in 1.2 only', () => {
    const type = (version: OneRosterVersion) =>
      findFileDefinition(version, 'orgs')?.columns.find(({ name }) => name === 'type')
    assert.equal(type('1.1')?.isExtensible, false)
    assert.equal(type('1.2')?.isExtensible, true)
  })
})

describe('a repaired value', () => {
  it('is what the warnings of the default profile promise', () => {
    assert.equal(repairValue(column('users', 'enabledUser'), ' TRUE '), 'true')
    assert.equal(repairValue(column('users', 'role'), 'Student'), 'student')
    assert.equal(repairValue(column('users', 'status'), 'Inactive'), 'tobedeleted')
    assert.equal(repairValue(column('users', 'givenName'), 'Ada\r\nAnn '), 'Ada Ann')
    assert.equal(repairValue(column('users', 'grades'), '09, ,10,'), '09,10')
    assert.equal(repairValue(column('users', 'grades'), '9,10, 3'), '09,10,03')
    assert.equal(repairValue(column('users', 'givenName'), '9'), '9')
    assert.equal(repairValue(column('users', 'userIds'), '{Fed:Doe, J}, {LDAP:1},'), '{Fed:Doe, J},{LDAP:1}')
    assert.equal(repairValue(column('academicSessions', 'schoolYear'), '2025-2026'), '2026')
    assert.equal(repairValue(undefined, ' 12 '), '12')
  })

  it('is the value itself where no rule repairs it', () => {
    assert.equal(repairValue(column('users', 'role'), 'pupil'), 'pupil')
    assert.equal(repairValue(column('academicSessions', 'schoolYear'), 'SY26'), 'SY26')
  })
})
