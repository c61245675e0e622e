import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RowRecord } from '../../../../../connectors/kit/one-roster/rows/row-record.ts'
import { firstUserId, madeOfUsers } from '../../../../../connectors/kit/one-roster/data-types/user-rows.ts'
import { Hash64 } from '../../../../../domain/hash64.ts'
import { CsvReader } from '../../../../../connectors/kit/csv/csv-reader.ts'
import { findFileDefinition } from '../../../../../connectors/kit/one-roster/format/files.ts'

const columns = ['sourcedId', 'givenName', 'grades', 'school', 'federatedId']
const header = 'sourcedId,givenName,grades,userIds,password'
const positions = new Map(header.split(',').map((name, cell) => [name, cell]))

/** What the record shows of each data row of a users.csv with these lines. */
function readRows(lines: readonly string[], keys = 'north') {
  const schools = { values: { school: keys }, digest: keys.split(',').toSorted().join(',') }
  const definition = findFileDefinition('1.1', 'users')
  const record = new RowRecord({
    collection: 'users',
    file: 'users',
    columns,
    positions,
    definition,
    made: madeOfUsers,
  })
  const seen: { digest: string; values: string[] }[] = []
  const reader = new CsvReader({
    row: (row) => {
      if (row.line === 1) return
      record.show(row, 'active', schools)
      seen.push({
        digest: `${String(record.digestHi)}:${String(record.digestLo)}`,
        values: columns.map((column) => record.value(column)),
      })
    },
    fault: (fault) => assert.fail(fault.kind),
  })
  reader.push(Buffer.from(`${header}\n${lines.join('\n')}\n`))
  reader.end()
  return seen
}

describe('a student as a row of users.csv', () => {
  it('has its values trimmed, lists without empty items, and the computed columns', () => {
    const [row] = readRows([' s1 ,"Ann ""Nan""",",09 ,10","{LDAP:7},{LTI:8}",secret'])
    assert.deepEqual(row?.values, ['s1', 'Ann "Nan"', '09,10', 'north', 'LDAP:7'])
  })

  it('has one digest however the file quotes and pads its cells', () => {
    const spellings = ['s1,Ann,09,{LDAP:7},x', '"s1","Ann","09","{LDAP:7}",y', ' s1, Ann ,09\t,{LDAP:7} ,']
    const digests = readRows(spellings).map(({ digest }) => digest)
    assert.equal(new Set(digests).size, 1)
  })

  it('has another digest for another value, another school, or values that moved between cells', () => {
    const lines = ['s1,Ann,09,,', 's1,Anna,09,,', 's1,Ann0,9,,', 's1A,nn,09,,', 's1,Ann,,09,']
    const digests = [...readRows(lines), ...readRows(['s1,Ann,09,,'], 'south')].map(({ digest }) => digest)
    assert.equal(new Set(digests).size, digests.length)
  })

  it('has one digest in whatever order it lists its schools', () => {
    const [one, other, fewer] = ['north,south', 'south,north', 'south'].map(
      (keys) => readRows(['s1,Ann,09,,'], keys)[0],
    )
    assert.equal(one?.digest, other?.digest)
    assert.notEqual(one?.digest, fewer?.digest)
    assert.equal(other?.values[3], 'south,north')
  })

  it('does not confuse a remembered short value with the next one', () => {
    const rows = readRows(['s1,Ann,09,,', 's2,Ann,09,,', 's3,Anz,10,,', 's4,Ann,1,,', 's5,,,,', 's6,Ann,09,,'])
    assert.deepEqual(
      rows.map(({ values }) => values.slice(0, 3).join(' ')),
      ['s1 Ann 09', 's2 Ann 09', 's3 Anz 10', 's4 Ann 01', 's5  ', 's6 Ann 09'],
    )
  })
})

describe('the first of userIds', () => {
  it('is type and id, and of type "unknown" where it is not so formed', () => {
    assert.equal(firstUserId('{LDAP:12},{LTI:15}'), 'LDAP:12')
    assert.equal(firstUserId(' { Fed : 23 }'), 'Fed:23')
    assert.equal(firstUserId('{LDAP:a:b}'), 'LDAP:a:b')
    assert.equal(firstUserId('12345'), 'unknown:12345')
    assert.equal(firstUserId('{12345}'), 'unknown:12345')
    assert.equal(firstUserId(''), '')
  })
})

describe('hashing the cells of a row in one loop', () => {
  it('is the same as hashing them one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 }), (cells) => {
        const bytes = Buffer.concat(cells)
        const ends = Int32Array.from(
          cells.map((_, at) => cells.slice(0, at + 1).reduce((sum, cell) => sum + cell.length, 0)),
        )
        const starts = Int32Array.from(cells.map((cell, at) => (ends[at] ?? 0) - cell.length))
        const together = new Hash64().reset().pieces(
          bytes,
          starts,
          ends,
          cells.map((_, at) => at),
        )
        const apart = new Hash64().reset()
        for (const cell of cells) apart.bytes(cell, 0, cell.length).separator()
        assert.deepEqual([together.hi, together.lo], [apart.hi, apart.lo])
      }),
    )
  })
})
