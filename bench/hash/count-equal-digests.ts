import type { RowShape } from './row-shapes.ts'

/** The digest of the row in hand, both halves unsigned; the same object each time. */
export type DigestRow = (row: RowShape) => { readonly hi: number; readonly lo: number }

export type EqualPairs = {
  /** How many bits were compared, from the upper or the lower end of the digest. */
  readonly bits: number
  readonly end: 'upper' | 'lower'
  readonly pairs: number
  /** What a hash without any pattern has on average. */
  readonly expected: number
}

/** Where the machine keeps the lower half of eight bytes. */
const lowAt = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1

const widths = [32, 36, 40, 44, 48, 52, 64]

/**
 * Digests `rows` different rows of a shape and counts the pairs with equal digests, and with equal parts of one: whole
 * digests are too seldom equal to tell a good hash from one that lost a few bits. Eight bytes a row.
 */
export function countEqualDigests(shape: RowShape, rows: number, digestRow: DigestRow): readonly EqualPairs[] {
  if (rows > shape.rowCount) throw new Error(`${shape.name}: ${shape.rowCount} different rows are all there are`)
  const digests = new BigUint64Array(rows)
  const halves = new Uint32Array(digests.buffer)
  for (let number = 0; number < rows; number++) {
    shape.write(number)
    const { hi, lo } = digestRow(shape)
    halves[number * 2 + lowAt] = lo
    halves[number * 2 + 1 - lowAt] = hi
  }
  const upper = countPairs(digests, halves, 'upper')
  // The lower half in front: the same count from the other end.
  for (let at = 0; at < halves.length; at += 2) {
    const half = halves[at] as number // inside the array, here and below
    halves[at] = halves[at + 1] as number
    halves[at + 1] = half
  }
  return [...upper, ...countPairs(digests, halves, 'lower')]
}

function countPairs(digests: BigUint64Array, halves: Uint32Array, end: 'upper' | 'lower'): readonly EqualPairs[] {
  digests.sort()
  const rows = digests.length
  const pairs = widths.map(() => 0)
  /** How many rows before this one, side by side with it, agree in so many bits. */
  const run = widths.map(() => 0)
  const widest = widths[0] ?? 0
  for (let at = 1; at < rows; at++) {
    const first = ((halves[at * 2 + 1 - lowAt] as number) ^ (halves[at * 2 - 1 - lowAt] as number)) >>> 0
    // Most neighbours differ in the first bits already.
    const common =
      first !== 0
        ? Math.clz32(first)
        : 32 + Math.clz32((halves[at * 2 + lowAt] as number) ^ (halves[at * 2 - 2 + lowAt] as number))
    if (common < widest) {
      if ((run[0] as number) > 0) run.fill(0)
      continue
    }
    for (let index = 0; index < widths.length; index++) {
      if (common < (widths[index] as number)) run[index] = 0
      else pairs[index] = (pairs[index] as number) + ++(run[index] as number)
    }
  }
  return widths.map((bits, index) => ({
    ...{ bits, end, pairs: pairs[index] ?? 0 },
    expected: (rows * (rows - 1)) / 2 / 2 ** bits,
  }))
}

/**
 * How far a count is from what chance gives, in standard deviations; that of a rare event is taken as one at least, so
 * that a single pair which nobody expects does not look like thousands of them.
 */
export function deviationOf({ pairs, expected }: EqualPairs): number {
  return (pairs - expected) / Math.sqrt(Math.max(expected, 1))
}
