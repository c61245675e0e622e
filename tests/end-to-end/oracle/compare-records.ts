import { parse } from 'csv-parse/sync'
import type { Expected, Fields } from './expect-people.ts'
import { keyOf, type ExpectedRoster } from './expect-roster.ts'

export type Difference = {
  readonly dataType: string
  readonly key: string
  /** `missing` and `surplus` are of whole records; else the column that differs. */
  readonly what: string
  readonly expected: string
  readonly printed: string
}

export type Comparison = {
  readonly dataType: string
  readonly expected: number
  readonly printed: number
  /** How many values were compared. */
  readonly values: number
  readonly differences: readonly Difference[]
}

/** Compares every column of every active record of each data type; `print` gives what `rollbook records --csv` does. */
export async function compareRecords(
  roster: ExpectedRoster,
  print: (dataType: string) => Promise<string>,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const [dataType, expected] of Object.entries(roster)) {
    const records = parse<Fields>(await print(dataType), { columns: true })
    comparisons.push(compareType(dataType, expected, records))
  }
  return comparisons
}

/** Whose id it is, and how it stands, is not of the files. A type whose own field is called so has the last column. */
const ours = ['recordId']

function compareType(dataType: string, expected: Expected, records: readonly Fields[]): Comparison {
  const differences: Difference[] = []
  const tell = (key: string, what: string, [wanted, printed]: readonly [string, string]) =>
    differences.push({ dataType, key, what, expected: wanted, printed })
  const seen = new Set<string>()
  let values = 0
  for (const record of records) {
    const key = keyOf[dataType]?.(record) ?? ''
    const fields = seen.has(key) ? undefined : expected.get(key)
    seen.add(key)
    if (fields === undefined) {
      tell(key, 'surplus', ['', ''])
      continue
    }
    const wanted: Fields = { status: 'active', ...fields }
    for (const column of new Set([...Object.keys(record), ...Object.keys(wanted)])) {
      if (ours.includes(column)) continue
      values++
      const pair = [wanted[column] ?? '', record[column] ?? ''] as const
      if (pair[0] !== pair[1]) tell(key, column, pair)
    }
  }
  for (const key of expected.keys()) if (!seen.has(key)) tell(key, 'missing', ['', ''])
  return { dataType, expected: expected.size, printed: records.length, values, differences }
}
