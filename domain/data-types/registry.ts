import { classes } from './classes.ts'
import { courseCatalog } from './course-catalog.ts'
import { courseHistory } from './course-history.ts'
import { courseMapping } from './course-mapping.ts'
import { currentCourses } from './current-courses.ts'
import { targetsOf, type DataType } from './define-data-type.ts'
import { enrollments } from './enrollments.ts'
import { guardians } from './guardians.ts'
import { staff } from './staff.ts'
import { students } from './students.ts'

/** Every data type that can be imported. Adding one is a line here (CONTRIBUTING.md, "Add a data type"). */
export const dataTypes: readonly DataType[] = [
  students,
  staff,
  guardians,
  courseCatalog,
  courseMapping,
  currentCourses,
  courseHistory,
  classes,
  enrollments,
]

/** Stands where a data type is named, for every one that a connection imports. */
export const allDataTypes = 'all'

export function findDataType(name: string): DataType | undefined {
  return dataTypes.find((dataType) => dataType.name === name)
}

export function getDataType(name: string): DataType {
  const dataType = findDataType(name)
  if (dataType === undefined) throw new Error(`there is no data type "${name}"`)
  return dataType
}

/** The data types that must have been imported before this one can find what its required fields refer to. */
export function prerequisitesOf(dataType: DataType): readonly string[] {
  const required = Object.values(dataType.fields).filter(({ presence }) => presence === 'required')
  const targets = required.flatMap((field) => targetsOf(field)).filter((target) => target !== 'orgs')
  return [...new Set([...targets, ...dataType.after])]
}

/**
 * Data types in an order in which each comes after those that it needs, otherwise as they are given. Throws when two
 * need each other.
 */
export function sortByReferences(names: readonly string[]): readonly string[] {
  const sorted: string[] = []
  const visit = (name: string, path: readonly string[]): void => {
    if (sorted.includes(name)) return
    if (path.includes(name)) throw new Error(`the data types ${[...path, name].join(' → ')} need each other`)
    for (const needed of prerequisitesOf(getDataType(name))) if (names.includes(needed)) visit(needed, [...path, name])
    sorted.push(name)
  }
  for (const { name } of dataTypes) if (names.includes(name)) visit(name, [])
  return sorted
}
