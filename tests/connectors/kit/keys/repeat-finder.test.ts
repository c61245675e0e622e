import assert from 'node:assert/strict'
import fc from 'fast-check'
import { PairKey } from '../../../../connectors/oneroster-csv/index/pair-key.ts'
import { RepeatFinder } from '../../../../connectors/kit/keys/repeat-finder.ts'
import { MemorySpill, type Spill } from '../../../../connectors/kit/keys/spill.ts'

const half = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
const keys = fc.array(fc.tuple(half, half), { maxLength: 500 })
/** Thousands of keys in few partitions, so that most lie in the spill. */
const manyKeys = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 5000 }))
  .map(([partitions, kinds, count]) =>
    Array.from({ length: count }, (_, at): [number, number] => [((at % partitions) << 26) | 5, (at * at) % kinds]),
  )

describe('the finder of repeated keys', () => {
  it('names every later ordinal with the first one of its key', () => {
    fc.assert(
      fc.property(fc.oneof(keys, manyKeys), (added) => {
        assert.deepEqual(findRepeats(new RepeatFinder(), added), expectRepeats(added))
      }),
    )
  })

  it('shares a spill with others and finds the same', () => {
    fc.assert(
      fc.property(manyKeys, manyKeys, (one, other) => {
        const spill = new MemorySpill()
        const [first, second] = [new RepeatFinder(spill), new RepeatFinder(spill)]
        for (let ordinal = 0; ordinal < Math.max(one.length, other.length); ordinal++) {
          add(first, one[ordinal], ordinal)
          add(second, other[ordinal], ordinal)
        }
        assert.deepEqual(settle(second), expectRepeats(other))
        assert.deepEqual(settle(first), expectRepeats(one))
      }),
      { numRuns: 30 },
    )
  })

  it('takes back everything it has put down, once, and forgets when settled', () => {
    const spill = new CountingSpill()
    const finder = new RepeatFinder(spill)
    const key = new PairKey()
    const fill = () => {
      for (let index = 0; index < 300_000; index++) {
        const { hi, lo } = key.of(index % 299_990, 1)
        finder.add(hi, lo, index)
      }
    }
    fill()
    assert.ok(spill.words > 300_000 * 2.6, `${spill.words} of ${300_000 * 3} words are in the spill`)
    assert.equal(settle(finder).length, 10)
    assert.equal(spill.words, 0)
    assert.equal(settle(finder).length, 0)
    fill()
    assert.equal(settle(finder).length, 10)
  })

  it('throws what the spill throws', () => {
    const full = new Error('no space left')
    const spill: Spill = {
      append: () => {
        throw full
      },
      take: () => undefined,
    }
    const finder = new RepeatFinder(spill)
    assert.throws(() => {
      for (let index = 0; index < 10_000; index++) finder.add(0, index, index)
    }, full)
  })
})

class CountingSpill implements Spill {
  words = 0
  readonly #memory = new MemorySpill()

  append(words: Int32Array): number {
    this.words += words.length
    return this.#memory.append(words)
  }

  take(place: number, into: Int32Array): void {
    this.#memory.take(place, into)
    this.words -= into.length
  }
}

function add(finder: RepeatFinder, key: readonly [number, number] | undefined, ordinal: number): void {
  if (key !== undefined) finder.add(key[0], key[1], ordinal)
}

function findRepeats(finder: RepeatFinder, added: readonly [number, number][]): string[] {
  for (const [ordinal, key] of added.entries()) add(finder, key, ordinal)
  return settle(finder)
}

function settle(finder: RepeatFinder): string[] {
  const found: string[] = []
  finder.settle((ordinal, firstOrdinal) => found.push(`${ordinal} after ${firstOrdinal}`))
  return found.sort()
}

function expectRepeats(added: readonly [number, number][]): string[] {
  const first = new Map<string, number>()
  const expected: string[] = []
  for (const [ordinal, [hi, lo]] of added.entries()) {
    const known = first.get(`${hi}/${lo}`)
    if (known === undefined) first.set(`${hi}/${lo}`, ordinal)
    else expected.push(`${ordinal} after ${known}`)
  }
  return expected.sort()
}
