import type { OneRosterType } from '../data-types/one-roster-type.ts'
import type { RosterRows } from './roster-rows.ts'

/** Rule M-13: why nothing can be imported of what was read, in words for the operator; undefined where something can. */
export function findRefusal(type: OneRosterType, rows: RosterRows): string | undefined {
  const missing = type.needs.find((name) => !rows.modes.has(name))
  if (missing !== undefined) return `it has no ${missing}.csv that is read`
  if (type.refusal === undefined) return undefined
  if (rows.acceptedSchoolCount === 0) return 'no school in it is usable'
  return rows.facts.acceptedCount === 0 ? type.refusal : undefined
}
