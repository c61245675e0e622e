/** Rows that are nearly alike, as a roster has them; `write` makes one of them the row in hand. */
export type RowShape = {
  readonly name: string
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly pieces: readonly number[]
  /** Different numbers below `rowCount` make different rows. */
  readonly rowCount: number
  write(number: number): void
}

/** Cells side by side in one buffer, each with room to change its length. */
class Cells {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array

  constructor(texts: readonly string[]) {
    const room = texts.map((text) => Math.max(text.length, 16) + 1)
    this.bytes = new Uint8Array(room.reduce((sum, length) => sum + length, 0))
    this.starts = new Int32Array(texts.length)
    this.ends = new Int32Array(texts.length)
    let at = 0
    for (const [cell, text] of texts.entries()) {
      this.starts[cell] = at
      this.text(cell, text)
      at += room[cell] ?? 0
    }
  }

  text(cell: number, text: string): void {
    const start = this.starts[cell] ?? 0
    for (let index = 0; index < text.length; index++) this.bytes[start + index] = text.charCodeAt(index)
    this.ends[cell] = start + text.length
  }

  resize(cell: number, length: number): void {
    this.ends[cell] = (this.starts[cell] ?? 0) + length
  }

  /** Turns a bit of all the bits that the cells have. */
  turn(bit: number): void {
    let at = bit >>> 3
    let cell = 0
    for (; at >= this.#lengthOf(cell); cell++) at -= this.#lengthOf(cell)
    at += this.starts[cell] ?? 0
    this.bytes[at] = (this.bytes[at] ?? 0) ^ (1 << (bit & 7))
  }

  hexadecimal(cell: number, from: number, number: number): void {
    const start = (this.starts[cell] ?? 0) + from
    for (let index = 0; index < 8; index++) {
      const digit = (number >>> (28 - index * 4)) & 15
      this.bytes[start + index] = digit < 10 ? 0x30 + digit : 0x57 + digit
    }
  }

  #lengthOf(cell: number): number {
    return (this.ends[cell] ?? 0) - (this.starts[cell] ?? 0)
  }

  /** Writes `number` in decimal, padded with zeros, into a cell from its `from`-th byte on. */
  digits(cell: number, from: number, length: number, number: number): void {
    const start = (this.starts[cell] ?? 0) + from
    let rest = number
    for (let at = start + length - 1; at >= start; at--) {
      const next = Math.floor(rest / 10)
      this.bytes[at] = 0x30 + rest - next * 10
      rest = next
    }
  }
}

const user = [
  ...['student-00000000', 'true', 'school-017', 'student', 'login.00000000', '{LDAP:00000000}', 'Alda', 'Birkmoor'],
  ...['Fenna', '00000000', 'p00000000@invented.example', '', '+15550100', '', '05'],
]
const demographics = ['student-00000417', '2012-03-04', 'female', ...Array<string>(7).fill('false'), 'US', '', '', '0']
const years = 100
const daysOfYear = 366
const letters = 40
/** The cells of some short row; five of its bits turned make another one. */
const fewBits = { texts: ['stud', 'Ada', 'Vega', '5', 'true'], bits: 128, turned: 5 }

/**
 * What changes from one student to the next, or from one day to the next: a number all over the row, in one cell, in
 * two; where one cell ends and the next begins; dates and flags; ids that somebody drew; cells of one letter, where
 * length and place are all there is; and, as hashes are asked everywhere, a few bits anywhere.
 */
export function makeRowShapes(): readonly RowShape[] {
  return [
    shape('a number in five cells', user, 1e8, (row, number) => {
      row.digits(0, 8, 8, number)
      row.digits(4, 6, 8, number)
      row.digits(5, 6, 8, number)
      row.digits(9, 0, 8, number)
      row.digits(10, 1, 8, number)
    }),
    shape('a number in the first cell', user, 1e8, (row, number) => {
      row.digits(0, 8, 8, number)
    }),
    shape('a number in the last cell', [...user.slice(0, -1), '0000000000'], 1e8, (row, number) => {
      row.digits(14, 2, 8, number)
    }),
    shape('two cells that change by themselves', user.with(6, '0000').with(7, '0000'), 1e8, (row, number) => {
      const upper = Math.floor(number / 10_000)
      row.digits(6, 0, 4, upper)
      row.digits(7, 0, 4, number - upper * 10_000)
    }),
    shape('digits that a cell leaves to the next', user.with(6, '').with(7, ''), 9e8, (row, number) => {
      const digits = Math.floor(number / 9)
      const kept = number - digits * 9
      const power = 10 ** (8 - kept)
      const upper = Math.floor(digits / power)
      row.resize(6, kept)
      row.resize(7, 8 - kept)
      row.digits(6, 0, kept, upper)
      row.digits(7, 0, 8 - kept, digits - upper * power)
    }),
    shape('dates and flags', demographics, years * daysOfYear * 3 * 2 ** 7 * 10, (row, number) => {
      let rest = number
      for (let cell = 3; cell < 10; cell++) {
        row.text(cell, (rest & 1) === 0 ? 'false' : 'true')
        rest >>>= 1
      }
      row.text(2, sexes[rest % 3] ?? '')
      rest = Math.floor(rest / 3)
      row.digits(13, 0, 1, rest % 10)
      rest = Math.floor(rest / 10)
      const year = Math.floor(rest / daysOfYear)
      rest -= year * daysOfYear
      row.digits(1, 0, 4, 1950 + year)
      row.digits(1, 5, 2, 1 + Math.floor(rest / 31))
      row.digits(1, 8, 2, 1 + (rest % 31))
    }),
    shape('ids that were drawn', user.with(0, '0'.repeat(16)), 2 ** 32, (row, number) => {
      // The second is one to one, so no two numbers draw the same id.
      row.hexadecimal(0, 0, Math.imul(number ^ (number >>> 16), 0x45d9f3b) >>> 0)
      row.hexadecimal(0, 8, (Math.imul(number, 0x9e3779b1) ^ 0x5bd1e995) >>> 0)
    }),
    shape('cells of one letter', ['s', '', '0', '', '0', '0', '', '0', '0', ''], letters ** 5, (row, number) => {
      let rest = number
      for (const cell of [2, 4, 5, 7, 8]) {
        row.bytes[row.starts[cell] ?? 0] = 0x30 + (rest % letters)
        rest = Math.floor(rest / letters)
      }
    }),
    shape('a few bits anywhere', fewBits.texts, countChoices(fewBits.bits, fewBits.turned), (row, number) => {
      for (const [cell, text] of fewBits.texts.entries()) row.text(cell, text)
      let rest = number
      let bit = fewBits.bits
      for (let turned = fewBits.turned; turned > 0; turned--) {
        do bit--
        while ((choices[turned]?.[bit] ?? 0) > rest)
        rest -= choices[turned]?.[bit] ?? 0
        row.turn(bit)
      }
    }),
  ]
}

const sexes = ['female', 'male', '']

/** By how many are chosen, then of how many: numbers the choices one by one. */
const choices = Array.from({ length: fewBits.turned + 1 }, (_, chosen) =>
  Array.from({ length: fewBits.bits + 1 }, (__, all) => countChoices(all, chosen)),
)

function countChoices(all: number, chosen: number): number {
  let count = 1
  for (let at = 0; at < chosen; at++) count = (count * (all - at)) / (at + 1)
  return count
}

function shape(
  name: string,
  texts: readonly string[],
  rowCount: number,
  write: (row: Cells, number: number) => void,
): RowShape {
  const cells = new Cells(texts)
  const pieces = texts.map((_, cell) => cell)
  return {
    ...{ name, rowCount, pieces, bytes: cells.bytes, starts: cells.starts, ends: cells.ends },
    write(number) {
      write(cells, number)
    },
  }
}
