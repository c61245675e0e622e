import { childrenPerFamily, type Layout } from './layout.ts'
import { guardianLeftOn, leftOn } from './lifecycle.ts'
import { teacherSourcedId } from './staff-ids.ts'

/** Who belongs to whom, by numbers alone. Families are counted from 0, students and guardians from 1. */
export const familyOf = (student: number): number => Math.floor((student - 1) / childrenPerFamily)

export const guardianSourcedId = (family: number, guardian: 1 | 2): string =>
  `guardian-${String(family + 1).padStart(6, '0')}-${String(guardian)}`

/** Every third family has a second guardian. */
const hasSecondGuardian = (family: number): boolean => family % 3 === 0

/** Only the guardian names the children, or only the children name the guardian. */
const isNamedByGuardiansOnly = (family: number): boolean => family % 7 === 3
const isNamedByChildrenOnly = (family: number): boolean => family % 11 === 4

export const childNumberOfFirstTeacher = (school: number): number => 3 + school * 5

/** Whose teacher at this school is the mother or father: the first of each school has one child in the district. */
export function childOfFirstTeacher(layout: Layout, school: number): number | undefined {
  const number = childNumberOfFirstTeacher(school)
  return number <= layout.students && leftOn(layout, number) === undefined ? number : undefined
}

/** The agents of a student who is still there. */
export function agentsOfStudent(layout: Layout, number: number): string[] {
  const family = familyOf(number)
  const school = (number - 3) / 5
  const teacher =
    Number.isInteger(school) && school >= 0 && school < layout.schools ? [teacherSourcedId(layout, school, 1)] : []
  if (isNamedByGuardiansOnly(family)) return teacher
  return [
    ...(guardianLeftOn(layout, family) === undefined ? [guardianSourcedId(family, 1)] : []),
    ...(hasSecondGuardian(family) ? [guardianSourcedId(family, 2)] : []),
    ...teacher,
  ]
}

/** The students that a guardian of this family names; `give` their ids. */
export function childrenOfFamily(layout: Layout, family: number): string[] {
  if (isNamedByChildrenOnly(family)) return []
  return membersOf(layout, family)
    .filter((number) => leftOn(layout, number) === undefined)
    .map((number) => layout.studentOf(number).sourcedId)
}

/** The numbers of all children of a family. */
export function membersOf(layout: Layout, family: number): number[] {
  return Array.from({ length: childrenPerFamily }, (_, index) => family * childrenPerFamily + index + 1).filter(
    (number) => number <= layout.students,
  )
}
