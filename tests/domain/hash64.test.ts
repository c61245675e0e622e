import assert from 'node:assert/strict'
import { countEqualDigests, deviationOf, type DigestRow } from '../../bench/hash/count-equal-digests.ts'
import { digestRow } from '../../bench/hash/digest-row.ts'
import { makeRowShapes, type RowShape } from '../../bench/hash/row-shapes.ts'
import { Hash64 } from '../../domain/hash64.ts'

const rows = 2_000_000
/** Beyond what chance gives once in a million counts. The rows are the same each time, so it is never met by chance. */
const limit = 5

const shapes = makeRowShapes()

function getShape(name: string): RowShape {
  const shape = shapes.find((one) => one.name === name)
  assert.ok(shape, name)
  return shape
}

/** Texts of the cells of the row in hand. */
function readCells({ bytes, starts, ends, pieces }: RowShape): string {
  return JSON.stringify(pieces.map((cell) => Buffer.from(bytes.subarray(starts[cell], ends[cell])).toString('latin1')))
}

function findFarthest(shape: RowShape, digest: DigestRow): number {
  return Math.max(...countEqualDigests(shape, rows, digest).map((count) => Math.abs(deviationOf(count))))
}

describe('the hash that decides what is unchanged', () => {
  for (const shape of shapes) {
    it(`tells two million rows apart, in any part of its bits as well as chance would: ${shape.name}`, () => {
      const counts = countEqualDigests(shape, rows, digestRow)
      for (const count of counts) {
        const { bits, end, pairs, expected } = count
        const what = `${end} ${bits} bits: ${pairs} pairs, by chance ${expected}`
        assert.ok(Math.abs(deviationOf(count)) < limit, what)
        if (bits === 64) assert.equal(pairs, 0)
      }
    })
  }

  for (const name of ['a number in five cells', 'dates and flags', 'cells of one letter']) {
    it(`turns each of its bits half of the times, whichever bit of a row is turned: ${name}`, () => {
      const { worst, fewest, mean } = measureAvalanche(getShape(name), 500)
      assert.ok(worst < 6, `a bit of the digest turns too often or too seldom: ${worst} standard deviations`)
      assert.ok(fewest > 8, `only ${fewest} bits turned`)
      assert.ok(Math.abs(mean - 32) < 0.1, `${mean} bits on average`)
    })
  }

  it('gives what databases hold: with another hash every record would be compared whole once', () => {
    const digests = shapes.map((shape) => {
      shape.write(4711)
      const { hi, lo } = digestRow(shape)
      return `${hi.toString(16).padStart(8, '0')}${lo.toString(16).padStart(8, '0')}`
    })
    assert.deepEqual(digests, [
      ...['339954f289da6f24', 'bdca155cc4f52bfa', '78eee5e93c4c7156', '6dcc3ad08ed78d67', '5ace04b01ad51bdf'],
      ...['a777eccfd904a25b', 'b14f36393b4f38e2', 'a426ee7dc12f866d', '22b6d20e5fff36f1'],
    ])
  })
})

describe('the rows by which hashes are judged', () => {
  it('are different rows', () => {
    for (const shape of shapes) {
      const seen = new Set<string>()
      const numbers = 20_000
      for (let number = 0; number < numbers; number++) {
        for (const one of [number, shape.rowCount - 1 - number]) {
          shape.write(one)
          seen.add(readCells(shape))
        }
      }
      assert.equal(seen.size, numbers * 2, shape.name)
      assert.ok(shape.rowCount >= 1e8)
    }
  })

  const hash = new Hash64()
  const out = { hi: 0, lo: 0 }
  const weak: readonly { why: string; shape: string; digest: DigestRow }[] = [
    {
      why: 'has no more than 32 bits in it',
      shape: 'a number in the first cell',
      digest: (row) => {
        out.hi = digestRow(row).hi
        out.lo = Math.imul(out.hi, 0x9e3779b1) >>> 0
        return out
      },
    },
    {
      why: 'lost eight of its bits',
      shape: 'a number in five cells',
      digest: (row) => {
        const { hi, lo } = digestRow(row)
        out.hi = hi
        out.lo = ((lo & 0x00ffffff) | ((hi & 0xff) << 24)) >>> 0
        return out
      },
    },
    {
      why: 'forgets where a cell ends',
      shape: 'digits that a cell leaves to the next',
      digest: ({ bytes, starts, ends, pieces }) => {
        hash.reset()
        for (const cell of pieces) hash.bytes(bytes, starts[cell] ?? 0, ends[cell] ?? 0)
        return hash.finish()
      },
    },
    {
      why: 'does not mind the order of cells',
      shape: 'two cells that change by themselves',
      digest: ({ bytes, starts, ends, pieces }) => {
        let [hi, lo] = [0, 0]
        for (const cell of pieces) {
          hash
            .reset()
            .bytes(bytes, starts[cell] ?? 0, ends[cell] ?? 0)
            .finish()
          hi += hash.hi
          lo += hash.lo
        }
        out.hi = hi >>> 0
        out.lo = lo >>> 0
        return out
      },
    },
    {
      why: 'does not mix',
      shape: 'a few bits anywhere',
      digest: ({ bytes, starts, ends, pieces }) => {
        let [hi, lo] = [0, 0]
        for (const cell of pieces) {
          for (let at = starts[cell] ?? 0; at < (ends[cell] ?? 0); at++) {
            hi = (Math.imul(hi, 31) + (bytes[at] ?? 0)) | 0
            lo = (Math.imul(lo, 33) + (bytes[at] ?? 0)) | 0
          }
        }
        out.hi = hi >>> 0
        out.lo = lo >>> 0
        return out
      },
    },
  ]
  for (const { why, shape, digest } of weak) {
    it(`show a hash that ${why}`, () => {
      assert.ok(findFarthest(getShape(shape), digest) > limit)
    })
  }
})

/** Turns each bit of `count` rows, one at a time. */
function measureAvalanche(shape: RowShape, count: number): { worst: number; fewest: number; mean: number } {
  const { bytes, starts, ends, pieces } = shape
  const turns = new Map<number, Uint32Array>()
  const tries = new Map<number, number>()
  let [fewest, sum, all] = [64, 0, 0]
  for (let number = 0; number < count; number++) {
    shape.write((number * 104_729) % shape.rowCount)
    const { hi, lo } = digestRow(shape)
    for (const cell of pieces) {
      for (let bit = (starts[cell] ?? 0) * 8; bit < (ends[cell] ?? 0) * 8; bit++) {
        const mask = 1 << (bit & 7)
        const at = bit >>> 3
        bytes[at] = (bytes[at] ?? 0) ^ mask
        const turned = digestRow(shape)
        bytes[at] = (bytes[at] ?? 0) ^ mask
        const counts = turns.get(bit) ?? new Uint32Array(64)
        turns.set(bit, counts)
        tries.set(bit, (tries.get(bit) ?? 0) + 1)
        let turnedCount = 0
        for (let out = 0; out < 64; out++) {
          const isTurned = out < 32 ? ((hi ^ turned.hi) >>> out) & 1 : ((lo ^ turned.lo) >>> (out - 32)) & 1
          counts[out] = (counts[out] ?? 0) + isTurned
          turnedCount += isTurned
        }
        fewest = Math.min(fewest, turnedCount)
        sum += turnedCount
        all++
      }
    }
  }
  let worst = 0
  for (const [bit, counts] of turns) {
    const tried = tries.get(bit) ?? 0
    // A bit that few rows have says little: the length of their cells differs.
    if (tried < count / 4) continue
    for (const turned of counts) worst = Math.max(worst, Math.abs(turned - tried / 2) / (Math.sqrt(tried) / 2))
  }
  return { worst, fewest, mean: sum / all }
}
