const rows = [new Uint8Array(64), new Uint8Array(64), new Uint8Array(64)] as const

/**
 * How many typing errors lie between two texts: letters left out, added, replaced, or two neighbours exchanged
 * (Damerau and Levenshtein, in the form that edits no place twice). Texts are compared up to 60 characters, and
 * counting stops above `max`: the answer is then `max + 1`.
 */
export function countTypingErrors(a: string, b: string, max: number): number {
  if (a === b) return 0
  const width = Math.min(b.length, 60)
  const height = Math.min(a.length, 60)
  if (Math.abs(width - height) > max) return max + 1
  let [before, above, current] = rows
  for (let column = 0; column <= width; column += 1) above[column] = column
  for (let row = 1; row <= height; row += 1) {
    current[0] = row
    let least = row
    const letter = a.charCodeAt(row - 1)
    for (let column = 1; column <= width; column += 1) {
      const other = b.charCodeAt(column - 1)
      const replaced = at(above, column - 1) + (letter === other ? 0 : 1)
      let count = Math.min(replaced, at(above, column) + 1, at(current, column - 1) + 1)
      const areExchanged =
        row > 1 && column > 1 && letter === b.charCodeAt(column - 2) && a.charCodeAt(row - 2) === other
      if (areExchanged) count = Math.min(count, at(before, column - 2) + 1)
      current[column] = count
      if (count < least) least = count
    }
    if (least > max) return max + 1
    ;[before, above, current] = [above, current, before]
  }
  return Math.min(at(above, width), max + 1)
}

function at(row: Uint8Array, index: number): number {
  return row[index] ?? 0
}

/**
 * Likeness of two texts from 0 to 1 by the letters they have in common and their order (Jaro), raised where they begin
 * alike (Winkler). Made for names: errors at the end weigh less than at the beginning.
 */
export function measureLikeness(a: string, b: string): number {
  if (a === b) return 1
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Set<number>()
  const lettersOfA: string[] = []
  for (let index = 0; index < a.length; index += 1) {
    const end = Math.min(b.length - 1, index + reach)
    for (let other = Math.max(0, index - reach); other <= end; other += 1) {
      if (a[index] !== b[other] || taken.has(other)) continue
      taken.add(other)
      lettersOfA.push(a.charAt(index))
      break
    }
  }
  const common = lettersOfA.length
  if (common === 0) return 0
  const lettersOfB = [...taken].sort((left, right) => left - right).map((index) => b.charAt(index))
  const misplaced = lettersOfA.filter((letter, index) => letter !== lettersOfB[index]).length / 2
  const jaro = (common / a.length + common / b.length + (common - misplaced) / common) / 3
  let prefix = 0
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix += 1
  return jaro + prefix * 0.1 * (1 - jaro)
}
