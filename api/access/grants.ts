import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Right } from '../contract/rights.ts'
import { Refusal } from '../failures.ts'

/** Rights in one district, or in all of them; bound to schools, only as far as rows of these schools go. */
export type Grant = {
  /** Null: every district, and what belongs to none. */
  readonly districtId: string | null
  readonly rights: ReadonlySet<Right>
  /** Ids of orgs of the district; null: the whole district. */
  readonly schoolIds: readonly string[] | null
}

/** Who calls, and what they may do where. */
export type Caller = {
  /** Of the token; null for who came by none. */
  readonly id: string | null
  readonly name: string
  readonly grants: readonly Grant[]
}

/** How far an operation goes: over the whole district, or over rows that are each of a school. */
export type Reach = 'district' | 'schools'

/** What a district's name or id may not reveal: whoever holds no right there hears that there is no such thing. */
export function isKnownTo(caller: Caller, districtId: string): boolean {
  return grantsIn(caller, districtId).length > 0
}

/** Whether the right is held there; a grant that is bound to schools counts only where the operation reaches no further. */
export function hasRight(caller: Caller, right: Right, districtId: string | null, reach: Reach = 'district'): boolean {
  return grantsIn(caller, districtId).some(
    ({ rights, schoolIds }) => rights.has(right) && (reach === 'schools' || schoolIds === null),
  )
}

/** Throws a Refusal when the caller lacks the right in the district; null asks for it in all districts. */
export function requireRight(caller: Caller, right: Right, districtId: string | null, reach: Reach = 'district'): void {
  if (hasRight(caller, right, districtId, reach)) return
  if (hasRight(caller, right, districtId, 'schools')) {
    throw new Refusal('RIGHT_MISSING', `This is about the whole district; your right "${right}" is bound to schools.`)
  }
  const where = districtId === null ? ' for all districts' : ''
  throw new Refusal('RIGHT_MISSING', `This needs the right "${right}"${where}.`)
}

/** Throws a Refusal when the caller has the right in no district at all. */
export function requireRightSomewhere(caller: Caller, right: Right, reach: Reach = 'district'): void {
  const isHeld = caller.grants.some(({ districtId }) => hasRight(caller, right, districtId, reach))
  if (!isHeld) throw new Refusal('RIGHT_MISSING', `This needs the right "${right}".`)
}

/**
 * Whether values of fields are shown, in whatever answer. Whoever sees the rows of all schools sees values only by a
 * grant for all of them; of what is bound to schools, each grant that shows rows has to show values too.
 */
export function mayViewValues(caller: Caller, districtId: string): boolean {
  const viewing = grantsIn(caller, districtId).filter(({ rights }) => rights.has('view'))
  const whole = viewing.filter(({ schoolIds }) => schoolIds === null)
  return whole.length > 0
    ? whole.some(({ rights }) => rights.has('viewValues'))
    : viewing.length > 0 && viewing.every(({ rights }) => rights.has('viewValues'))
}

/** Throws a Refusal when values of the district's records may not be shown to the caller. */
export function requireValues(caller: Caller, districtId: string): void {
  if (!mayViewValues(caller, districtId)) throw new Refusal('RIGHT_MISSING', 'This needs the right "viewValues".')
}

/**
 * The schools whose rows alone the caller sees, or null for every row. Throws a Refusal when the caller is bound to
 * schools and the records of this data type belong to none.
 */
export function listBoundSchools(
  caller: Caller,
  districtId: string,
  dataType: Pick<DataType, 'schoolField' | 'label'>,
): readonly string[] | null {
  const schools = listSchoolLimit(caller, districtId)
  if (schools !== null && dataType.schoolField === null) {
    throw new Refusal(
      'RIGHT_MISSING',
      `The ${dataType.label.many} belong to no school; your rights are bound to schools.`,
    )
  }
  return schools
}

/** The same whatever the data type is: what the database is limited to for the caller (limitToSchools). */
export function listSchoolLimit(caller: Caller, districtId: string): readonly string[] | null {
  const grants = grantsIn(caller, districtId)
  const viewing = grants.filter(({ rights }) => rights.has('view'))
  const seen = viewing.length > 0 ? viewing : grants
  if (seen.some(({ schoolIds }) => schoolIds === null)) return null
  return [...new Set(seen.flatMap(({ schoolIds }) => schoolIds ?? []))]
}

function grantsIn({ grants }: Caller, districtId: string | null): readonly Grant[] {
  return grants.filter((grant) => grant.districtId === null || grant.districtId === districtId)
}
