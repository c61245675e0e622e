import assert from 'node:assert/strict'
import { readRows } from '../../../../connectors/kit/json/read-rows.ts'

const read = (value: unknown, expected = 'users') =>
  readRows(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), expected)

describe('the rows of a page', () => {
  it('are those under the expected name, in any case, or of the only array', () => {
    assert.deepEqual(read({ users: [{ a: 1 }], warnings: [] }), [{ a: 1 }])
    assert.deepEqual(read({ Users: [{ a: 1 }] }), [{ a: 1 }])
    assert.deepEqual(read({ students: [{ a: 1 }], total: 1 }), [{ a: 1 }])
    assert.deepEqual(read({ users: [] }), [])
  })

  for (const [what, value] of [
    ['JSON that ends in its middle', '{"users":[{"a":1'],
    ['an error', { statusInfoSet: [{ imsx_codeMajor: 'failure' }] }],
    ['an error of 1.2', { imsx_codeMajor: 'failure', imsx_description: 'no' }],
    ['two arrays of which none is meant', { students: [], teachers: [] }],
    ['a list of texts', { users: ['a'] }],
    ['a list', []],
    ['no JSON', '<html>'],
  ] as const) {
    it(`are not found in ${what}`, () => {
      assert.equal(read(value), undefined)
    })
  }
})
