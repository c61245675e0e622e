import { CellMark } from '../../kit/csv/row-view.ts'
import type { RowView } from '../../kit/csv/row-view.ts'

/** Org types as numbers, for columns. `other` is an `ext:` type, of which nothing can be said. */
export const OrgType = {
  unknown: 0,
  department: 1,
  school: 2,
  district: 3,
  local: 4,
  state: 5,
  national: 6,
  other: 7,
} as const
export type OrgType = (typeof OrgType)[keyof typeof OrgType]

export const SessionType = { unknown: 0, gradingPeriod: 1, semester: 2, schoolYear: 3, term: 4, other: 5 } as const
export type SessionType = (typeof SessionType)[keyof typeof SessionType]

/**
 * Roles as bits, because a user may have several. The administrators of 1.2 (district, site, system, principal) are
 * `administrator` here, which is what 1.1 and enrollments call all of them.
 */
export const RoleBit = {
  student: 1,
  teacher: 2,
  administrator: 4,
  proctor: 8,
  aide: 16,
  guardian: 32,
  parent: 64,
  relative: 128,
  other: 256,
} as const

const orgTypes: Readonly<Record<string, OrgType>> = {
  department: OrgType.department,
  school: OrgType.school,
  district: OrgType.district,
  local: OrgType.local,
  state: OrgType.state,
  national: OrgType.national,
}

const sessionTypes: Readonly<Record<string, SessionType>> = {
  gradingperiod: SessionType.gradingPeriod,
  semester: SessionType.semester,
  schoolyear: SessionType.schoolYear,
  term: SessionType.term,
}

/** Ignores case, because the default profile accepts another case (F-07). */
export function deriveOrgType(text: string): OrgType {
  const word = text.trim().toLowerCase()
  return orgTypes[word] ?? (word === '' ? OrgType.unknown : OrgType.other)
}

export function deriveSessionType(text: string): SessionType {
  const word = text.trim().toLowerCase()
  return sessionTypes[word] ?? (word === '' ? SessionType.unknown : SessionType.other)
}

const small = 0x20
const [a, d, g, p, r, s, t] = [0x61, 0x64, 0x67, 0x70, 0x72, 0x73, 0x74] as const

/**
 * The bit of a role token, 0 for a blank. Told by first letter and length alone, which no two tokens share: whether
 * the token is spelt rightly is rule F-07, and its rows do not reach what is decided here.
 */
export function deriveRoleBit(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length <= 0) return 0
  const first = (bytes[start] as number) | small
  if (length === 7 && first === s) return RoleBit.student
  if (length === 7 && first === t) return RoleBit.teacher
  if (length === 7 && first === p) return RoleBit.proctor
  if (length === 6 && first === p) return RoleBit.parent
  if (length === 8 && first === g) return RoleBit.guardian
  if (length === 8 && first === r) return RoleBit.relative
  if (length === 4 && first === a) return RoleBit.aide
  if (length === 13 && first === a) return RoleBit.administrator
  if (length === 9 && first === p) return RoleBit.administrator
  if (length === 21 && first === d) return RoleBit.administrator
  if ((length === 17 || length === 19) && first === s) return RoleBit.administrator
  return RoleBit.other
}

/** The role bit of a cell, blanks at its ends aside. */
export function readRoleBit(row: RowView, cell: number): number {
  if (isBlankCell(row, cell)) return 0
  let start = row.starts[cell] as number
  let end = row.ends[cell] as number
  if (((row.marks[cell] as number) & CellMark.blank) !== 0) {
    while (start < end && (row.bytes[start] as number) <= small) start++
    while (end > start && (row.bytes[end - 1] as number) <= small) end--
  }
  return deriveRoleBit(row.bytes, start, end)
}

/** A date cell `YYYY-MM-DD` as the number YYYYMMDD; 0 when blank or in another form (which is rule F-03). */
export function readDay(row: RowView, cell: number): number {
  if (isBlankCell(row, cell)) return 0
  const start = row.starts[cell] as number
  if ((row.ends[cell] as number) - start !== 10) return 0
  const { bytes } = row
  let day = 0
  for (let at = 0; at < 10; at++) {
    if (at === 4 || at === 7) continue
    const digit = (bytes[start + at] as number) - 0x30
    if (digit < 0 || digit > 9) return 0
    day = day * 10 + digit
  }
  return day
}

/** `2026-08-15` as 20260815. */
export function deriveDay(date: string): number {
  return Number(date.replaceAll('-', ''))
}

/** The number in a cell; NaN when blank or none. */
export function readNumber(row: RowView, cell: number): number {
  if (isBlankCell(row, cell)) return NaN
  const { bytes } = row
  const start = row.starts[cell] as number
  const end = row.ends[cell] as number
  let number = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30
    // A sign, a point, an exponent: rarer than whole numbers, and not worth a second reader of numbers.
    if (digit < 0 || digit > 9) return Number(row.text(cell).trim())
    number = number * 10 + digit
  }
  return number
}

/** Whether a cell says `true`; any case, because the default profile accepts another case (F-06). */
export function isTrueCell(row: RowView, cell: number): boolean {
  if (isBlankCell(row, cell)) return false
  return ((row.bytes[row.starts[cell] as number] as number) | small) === t
}

/** Whether the row of the cell has a status that takes it out: `tobedeleted`, or the `inactive` of 1.0. */
export function isWithdrawnStatus(row: RowView, cell: number): boolean {
  if (isBlankCell(row, cell)) return false
  const first = (row.bytes[row.starts[cell] as number] as number) | small
  return first === t || first === 0x69
}

/** True also for a column that the file lacks (-1) and a row that is too short. */
export function isBlankCell(row: RowView, cell: number): boolean {
  return cell < 0 || cell >= row.width || (row.starts[cell] as number) >= (row.ends[cell] as number)
}
