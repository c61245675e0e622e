import assert from 'node:assert/strict'
import { compareRecords } from './compare-records.ts'

const roster = {
  courseMapping: new Map([1, 2].map((n) => [`BIO-${n} north`, { courseId: `BIO-${n}`, schoolId: 'north' }])),
}
const compare = async (...lines: string[]) =>
  compareRecords(roster, async () => Promise.resolve(['recordId,status,courseId,schoolId', ...lines, ''].join('\n')))

describe('the comparison of records with files', () => {
  it('says nothing of what is the same', async () => {
    const told = await compare('1,active,BIO-2,north', '2,active,BIO-1,north')
    assert.deepEqual(told, [{ dataType: 'courseMapping', expected: 2, printed: 2, values: 6, differences: [] }])
  })

  for (const [what, lines] of Object.entries({
    missing: ['1,active,BIO-1,north'],
    surplus: ['1,active,BIO-1,north', '2,active,BIO-2,north', '3,active,BIO-3,north'],
    'surplus, one of two': ['1,active,BIO-1,north', '2,active,BIO-2,north', '3,active,BIO-2,north'],
    status: ['1,active,BIO-1,north', '2,inactive,BIO-2,north'],
  })) {
    it(`tells of what is ${what}`, async () => {
      const [{ differences } = { differences: [] }] = await compare(...lines)
      assert.deepEqual(
        differences.map((difference) => difference.what),
        [what.split(',')[0]],
      )
    })
  }

  it('tells of a column that the files say nothing of', async () => {
    const csv = 'recordId,status,courseId,schoolId,credits\n1,active,BIO-1,north,0.5\n2,active,BIO-2,north,\n'
    const [{ differences } = { differences: [] }] = await compareRecords(roster, () => Promise.resolve(csv))
    assert.deepEqual(differences, [
      { dataType: 'courseMapping', key: 'BIO-1 north', what: 'credits', expected: '', printed: '0.5' },
    ])
  })
})
