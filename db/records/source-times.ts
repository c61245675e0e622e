import { quoteLiteral } from '../fields/quote-literal.ts'
import { partBit } from '../staging/staged-parts.ts'

/** The columns of `students` and the like, and of their staged rows, that tell when the source changed a part. */
export const timeColumns = { primary: 'primary_modified_at', supplement: 'supplement_modified_at' } as const
type Part = keyof typeof timeColumns

/** As SQL: the source of the staged rows, and the time whose changes a complete input of it showed since, if any. */
export type TimedSource = { readonly connection: string; readonly wholeAsOf: string | null }

/**
 * Whether the part of the staged row `s` is older than what we hold in the record `r`, or than a complete input that
 * was applied, and then it is old whether we hold the record or not. Times of two sources cannot be compared, and a time
 * that is not known is older than nothing. The value is SQL; never null.
 */
export function isOlder(part: Part, { connection, wholeAsOf }: TimedSource): string {
  const column = timeColumns[part]
  const isOlderThanRecord = `coalesce(s.${column} < r.${column} and r.connection_id = ${connection}, false)`
  if (wholeAsOf === null) return isOlderThanRecord
  return `(${isOlderThanRecord} or coalesce(s.${column} < ${wholeAsOf}, false))`
}

/** The parts of the staged row `s`, a supplement that is older than what we hold left out. */
export function freshParts(source: TimedSource): string {
  return `case when ${isOlder('supplement', source)} then s.parts & ~${partBit.supplement} else s.parts end`
}

/**
 * The time of the record `r` when the staged row `s` was applied to it. What is known is kept where a row brings no
 * time, as those of bulk files do; a decision of a person may apply a row that is older, and makes nothing older.
 */
export function laterTime(part: Part, { connection }: Pick<TimedSource, 'connection'>): string {
  const column = timeColumns[part]
  const staged = `case when s.parts & ${partBit[part]} <> 0 then s.${column} end`
  return `greatest(${staged}, case when r.connection_id = ${connection} then r.${column} end)`
}

/** What `findEarlierInputs` found, as SQL. */
export function quoteWholeAsOf(time: string | null | undefined): string | null {
  return time === null || time === undefined ? null : `${quoteLiteral(time)}::timestamptz`
}
