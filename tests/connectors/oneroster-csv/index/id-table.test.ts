import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NamelessFile } from '../../../../connectors/kit/keys/nameless-file.ts'
import { CellHash } from '../../../../connectors/kit/one-roster/rows/cell-hash.ts'
import { IdState, IdTable } from '../../../../connectors/oneroster-csv/index/id-table.ts'
import { LineColumn } from '../../../../connectors/oneroster-csv/index/line-column.ts'
import { rowOf } from '../../../fixtures/row-of.ts'

const hash = new CellHash()
const idText = fc.stringMatching(/^[A-Za-z0-9._/@-]{1,40}$/)
/** Few letters, so that many ids differ only in capitals. */
const twinText = fc.stringMatching(/^[aAbB]{1,4}$/)

describe('the table of ids', () => {
  it('gives ordinals as a map would, whatever the ids', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(idText, twinText), { maxLength: 300 }), (ids) => {
        const table = new IdTable()
        const expected = new Map<string, number>()
        for (const id of ids) {
          const known = expected.get(id)
          hash.text(id)
          assert.equal(table.find(hash), known ?? -1)
          const folded = id.toLowerCase()
          const hasTwin = known === undefined && [...expected.keys()].some((other) => other.toLowerCase() === folded)
          const ordinal = table.intern(hash)
          assert.equal(ordinal, known ?? expected.size)
          if (known === undefined) assert.equal(table.metCaseTwin, hasTwin)
          expected.set(id, ordinal)
        }
        assert.equal(table.size, expected.size)
      }),
    )
  })

  it('keeps ids, bits, contents and lines while it grows from nothing and from a reserve', () => {
    for (const reserved of [0, 40_000]) {
      const table = new IdTable()
      const count = 30_000
      if (reserved > 0) table.reserve(reserved)
      for (let index = 0; index < count; index++) {
        hash.text(`Stu-${index}`)
        assert.equal(table.intern(hash), index)
        table.setContent(index, index * 3)
        table.addBits(index, IdState.present | (index % 7 === 0 ? IdState.rejected : 0))
        table.lines.set(index, index + 2)
      }
      for (let index = 0; index < count; index++) {
        hash.text(`Stu-${index}`)
        assert.equal(table.find(hash), index)
        assert.equal(table.content(index), index * 3)
        assert.equal(table.bits(index), IdState.present | (index % 7 === 0 ? IdState.rejected : 0))
        assert.equal(table.lines.get(index), index + 2)
      }
      hash.text(`Stu-${count}`)
      assert.equal(table.find(hash), -1)
    }
  })

  it('is the same with its records in a file, of which it keeps the newest in memory', () => {
    const file = new NamelessFile()
    try {
      const [inMemory, inFile] = [new IdTable(), new IdTable(file)]
      const count = 300_000
      // Every third comes again, some at once and some long after.
      const ids = Array.from({ length: count }, (_, index) => `${index % 2 === 0 ? 'Id' : 'iD'}-${index - (index % 3)}`)
      for (const [index, id] of ids.entries()) {
        hash.text(id)
        for (const table of [inMemory, inFile]) {
          const ordinal = table.intern(hash)
          table.setContent(ordinal, table.content(ordinal) + index)
          table.addBits(ordinal, index % 5 === 0 ? IdState.rejected : IdState.present)
        }
        assert.equal(inFile.metCaseTwin, inMemory.metCaseTwin)
      }
      assert.equal(inFile.size, inMemory.size)
      for (const id of ids.toReversed()) {
        hash.text(id)
        const [expected, found] = [inMemory.find(hash), inFile.find(hash)]
        assert.equal(found, expected)
        assert.deepEqual([inFile.content(found), inFile.bits(found)], [inMemory.content(found), inMemory.bits(found)])
      }
      assert.equal(inFile.countShared(inMemory, IdState.present), inMemory.countShared(inFile, IdState.present))
      assert.ok(
        inFile.byteLength + (1 << 20) <= inMemory.byteLength,
        `${inFile.byteLength} of ${inMemory.byteLength} bytes`,
      )
    } finally {
      file.close()
    }
  })

  it('takes about twenty-two bytes an id', () => {
    const table = new IdTable()
    const count = 200_000
    for (let index = 0; index < count; index++) {
      hash.text(`id-${index}`)
      table.lines.set(table.intern(hash), index + 2)
    }
    assert.ok(table.byteLength / count < 25, `${table.byteLength / count} bytes`)
  })

  it('counts the ids that two tables share', () => {
    const [one, other] = [new IdTable(), new IdTable()]
    for (let index = 0; index < 100; index++) {
      hash.text(`A${index}`)
      one.addBits(one.intern(hash), IdState.present)
      hash.text(index < 30 ? `A${index}` : `a${index}`)
      // An id that others only speak of is not one of the file's.
      other.addBits(other.intern(hash), index < 10 ? IdState.withdrawn : IdState.present)
    }
    assert.equal(one.countShared(other, IdState.present), 20)
    assert.equal(other.countShared(one, IdState.present), 20)
  })
})

describe('the hash of a cell', () => {
  it('is that of the text, without blanks at its ends, wherever the cell lies', () => {
    const value = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/[\u0000\ud800-\udfff]/.test(text))
    fc.assert(
      fc.property(value, value, (before, text) => {
        const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '')
        const row = rowOf([before, text])
        const isFilled = hash.cell(row, 1)
        assert.equal(isFilled, trimmed !== '')
        const { hi, lo, foldedLo } = hash
        if (!isFilled) return
        hash.text(trimmed)
        assert.deepEqual([hash.hi, hash.lo, hash.foldedLo], [hi, lo, foldedLo])
        hash.text(trimmed.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
        assert.deepEqual([hash.hi, hash.foldedLo], [hi, foldedLo])
        assert.equal(hash.lo === lo, !/[A-Z]/.test(trimmed))
      }),
    )
  })

  it('tells apart ids that were counted up', () => {
    const seen = new Set<string>()
    for (let index = 0; index < 50_000; index++) {
      hash.text(index.toString(36))
      seen.add(`${hash.hi}/${hash.lo}`)
    }
    assert.equal(seen.size, 50_000)
  })
})

describe('the column of lines', () => {
  it('gives back what was set, in order or not', () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ min: 2, max: 9 }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.array(fc.nat(20_000), { maxLength: 20 }), (steps, extra) => {
        const column = new LineColumn()
        const expected = new Map<number, number>()
        let line = 1
        for (const [ordinal, by] of steps.entries()) {
          line += by
          expected.set(ordinal, line)
          column.set(ordinal, line)
        }
        for (const ordinal of extra) {
          expected.set(ordinal, ordinal + 7)
          column.set(ordinal, ordinal + 7)
        }
        for (const [ordinal, value] of expected) assert.equal(column.get(ordinal), value)
      }),
    )
  })

  it('holds no bytes for a file without gaps', () => {
    const column = new LineColumn()
    for (let ordinal = 0; ordinal < 100_000; ordinal++) column.set(ordinal, ordinal + 2)
    assert.equal(column.byteLength, 0)
    assert.equal(column.get(77_777), 77_779)
  })
})
