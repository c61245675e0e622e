import assert from 'node:assert/strict'
import { RowIndex } from '../../../../../connectors/kit/one-roster/data-types/row-index.ts'
import { rowOf } from '../../../../fixtures/row-of.ts'

const positions = new Map(['sourcedId', 'status', 'title'].map((column, position) => [column, position]))

function indexOf(rows: readonly (readonly string[])[], settings?: { readonly keepsWithdrawn: boolean }) {
  const index = new RowIndex((read) => ({ title: read('title') }), settings)
  const taker = index.take(positions)
  for (const [sourcedId = '', status = '', title = '', refused] of rows) {
    taker.row(rowOf([sourcedId, status, title]), refused === undefined, false)
  }
  return index
}

describe('the index of a file', () => {
  it('finds what the row of an id says, however many say the same', () => {
    const count = 5000
    const rows = Array.from({ length: count }, (_, number) => [`id-${number}`, '', `title ${number % 7}`])
    const index = indexOf(rows)
    for (let number = 0; number < count; number++) {
      assert.deepEqual(index.find(`id-${number}`), { title: `title ${number % 7}` })
    }
    assert.equal(index.find('id-5000'), undefined)
    assert.equal(index.find('id-1'), index.find('id-8'))
  })

  it('takes the last row of a repeated id', () => {
    const index = indexOf([
      ['a', '', 'first'],
      ['b', '', 'other'],
      ['a', '', 'last'],
    ])
    assert.deepEqual([index.find('a'), index.find('b')], [{ title: 'last' }, { title: 'other' }])
  })

  it('leaves out what was withdrawn, unless it is asked to keep it', () => {
    const rows = [['a', 'tobedeleted', 'gone']]
    assert.equal(indexOf(rows).find('a'), undefined)
    assert.deepEqual(indexOf(rows, { keepsWithdrawn: true }).find('a'), { title: 'gone' })
  })

  it('is uncertain of an id whose row was refused, and of all when the id cannot be read', () => {
    const index = indexOf([['a', '', 'x', 'refused']])
    assert.deepEqual([index.isUncertain('a'), index.isUncertain('b'), index.find('a')], [true, false, undefined])
    assert.equal(indexOf([['', '', 'x', 'refused']]).isUncertain('b'), true)
  })
})
