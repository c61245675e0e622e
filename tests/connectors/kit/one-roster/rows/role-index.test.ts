import assert from 'node:assert/strict'
import { CsvReader } from '../../../../../connectors/kit/csv/csv-reader.ts'
import { RoleIndex } from '../../../../../connectors/kit/one-roster/rows/role-index.ts'

const header = 'sourcedId,userSourcedId,roleType,role,orgSourcedId'
const positions = new Map(header.split(',').map((name, cell) => [name, cell]))

function readRoles(lines: readonly string[]): RoleIndex {
  const roles = new RoleIndex((role, isPrimary) => isPrimary && role === 'student')
  const reader = new CsvReader({
    row: (row) => {
      if (row.line > 1) roles.add(row, positions, true)
    },
    fault: (fault) => assert.fail(fault.kind),
  })
  reader.push(Buffer.from(`${header}\n${lines.join('\n')}\n`))
  reader.end()
  return roles
}

describe('the roles of a student', () => {
  it('name the orgs of the primary ones, each once, in their order', () => {
    const roles = readRoles([
      'r1,u1,primary,student,S2',
      'r2,u2,primary,student,S1',
      'r3,u1,secondary,student,S3',
      'r4,u1,primary,student,S1',
      'r5,u1,primary,student,S2',
      'r6,u2,primary,student,S2',
      'r7,u3,primary,teacher,S1',
    ])
    assert.deepEqual(
      ['u1', 'u2', 'u3', 'u4'].map((user) => roles.find(user).orgKeys),
      ['S2,S1', 'S1,S2', '', ''],
    )
    assert.equal(roles.find('u3').isMeant, false)
  })
})
