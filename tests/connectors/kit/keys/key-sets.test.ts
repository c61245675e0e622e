import assert from 'node:assert/strict'
import fc from 'fast-check'
import { KeySet } from '../../../../connectors/kit/keys/key-set.ts'
import { PairKey } from '../../../../connectors/oneroster-csv/index/pair-key.ts'
import { RowHash } from '../../../../connectors/oneroster-csv/index/row-hash.ts'
import { rowOf } from '../../../fixtures/row-of.ts'

const half = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
const keys = fc.array(fc.tuple(half, half), { maxLength: 500 })

describe('the set of keys', () => {
  it('answers as a set would', () => {
    fc.assert(
      fc.property(keys, (added) => {
        const set = new KeySet()
        const expected = new Set<string>()
        for (const [hi, lo] of added) {
          // The one key of all zeroes is kept as another, which may then pass for it.
          if (hi === 0 && (lo === 0 || lo === 1)) continue
          const text = `${hi}/${lo}`
          assert.equal(set.has(hi, lo), expected.has(text))
          assert.equal(set.add(hi, lo), !expected.has(text))
          expected.add(text)
        }
        assert.equal(set.size, expected.size)
      }),
    )
  })

  it('takes halves with and without a sign for the same', () => {
    const set = new KeySet()
    assert.equal(set.add(0xffff_fff0, 0x8000_0001), true)
    assert.equal(set.has(0xffff_fff0 | 0, 0x8000_0001 | 0), true)
    assert.equal(set.add(0xffff_fff0, 0x8000_0001), false)
  })

  it('takes about twelve bytes a key', () => {
    const set = new KeySet()
    const key = new PairKey()
    for (let index = 0; index < 200_000; index++) assert.ok(set.add(key.of(index, 5).hi, key.lo))
    assert.ok(set.byteLength / set.size < 14, `${set.byteLength / set.size} bytes`)
  })
})

describe('the key of a pair', () => {
  it('differs for different pairs', () => {
    const key = new PairKey()
    const seen = new Set<string>()
    for (let left = 0; left < 300; left++) {
      for (let right = 0; right < 300; right++) {
        key.of(left, right, 9)
        seen.add(`${key.hi}/${key.lo}`)
      }
    }
    assert.equal(seen.size, 90_000)
  })
})

describe('the hash of a row', () => {
  const hash = new RowHash()
  const cells = fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 8 })

  it('is the same whether cells are quoted or not', () => {
    fc.assert(
      fc.property(cells, (values) => {
        assert.equal(hash.row(rowOf(values)), hash.row(rowOf(values, 2, true)))
      }),
    )
  })

  it('tells values and their borders apart', () => {
    const rows = [
      ['a', 'b', ''],
      ['a', '', 'b'],
      ['ab', '', ''],
      ['a,b', '', ''],
      ['a', 'b,', ''],
      ['', 'a', 'b'],
      ['A', 'b', ''],
    ]
    assert.equal(new Set(rows.map((values) => hash.row(rowOf(values)))).size, rows.length)
  })
})
