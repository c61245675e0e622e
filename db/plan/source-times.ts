import { partBit } from '../staging/staged-parts.ts'

/** The columns of `students` and the like, and of their staged rows, that tell when the source changed a part. */
export const timeColumns = { primary: 'primary_modified_at', supplement: 'supplement_modified_at' } as const
type Part = keyof typeof timeColumns

/**
 * Whether the part of the staged row `s` is older than what we hold in the record `r`. Times of two sources cannot be
 * compared, and a time that is not known is older than nothing. Arguments and value are SQL; never null.
 */
export function isOlder(part: Part, connection: string): string {
  const column = timeColumns[part]
  return `coalesce(s.${column} < r.${column} and r.connection_id = ${connection}, false)`
}

/** The parts of the staged row `s`, a supplement that is older than what we hold left out. */
export function freshParts(connection: string): string {
  return `case when ${isOlder('supplement', connection)} then s.parts & ~${partBit.supplement} else s.parts end`
}

/**
 * The time of the record `r` when the staged row `s` was applied to it. What is known is kept where a row brings no
 * time, as those of bulk files do; a decision of a person may apply a row that is older, and makes nothing older.
 */
export function laterTime(part: Part, connection: string): string {
  const column = timeColumns[part]
  const staged = `case when s.parts & ${partBit[part]} <> 0 then s.${column} end`
  return `greatest(${staged}, case when r.connection_id = ${connection} then r.${column} end)`
}
