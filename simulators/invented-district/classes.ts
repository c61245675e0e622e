import { courseInAnotherSpelling, courseSourcedId, lastYearsCourse, nextYearsCourse } from './courses.ts'
import { grades, gradesBefore, schoolAt, subjects, type Layout } from './layout.ts'
import { classClosedOn, lifecycleOf } from './lifecycle.ts'
import { joinListings, makeListing, type Listing } from './listing.ts'
import type { RosterClass } from './records.ts'
import { sessionIds } from './sessions.ts'

/** A class of this year, all counted from 0. */
export type ClassPlace = {
  readonly school: number
  readonly grade: number
  readonly subject: number
  readonly section: number
}

export function classIndexOf(layout: Layout, { school, grade, subject, section }: ClassPlace): number {
  return ((school * grades.length + grade) * subjects.length + subject) * layout.sections + section
}

export function classPlaceAt(layout: Layout, index: number): ClassPlace {
  const section = index % layout.sections
  const row = Math.floor(index / layout.sections)
  const subject = row % subjects.length
  const rest = Math.floor(row / subjects.length)
  return { school: Math.floor(rest / grades.length), grade: rest % grades.length, subject, section }
}

export function classSourcedId(layout: Layout, place: ClassPlace): string {
  const { grade, subject, section } = place
  return `class-${schoolAt(layout, place.school).slice('school-'.length)}-${grades[grade] ?? ''}-${String(subject)}-${String(section + 1)}`
}

export const lastYearsClass = (layout: Layout, school: number, grade: number): string =>
  `class-last-${schoolAt(layout, school).slice('school-'.length)}-${gradesBefore[grade] ?? ''}`
export const nextYearsClass = (layout: Layout, school: number): string =>
  `class-next-${schoolAt(layout, school).slice('school-'.length)}`

export const thisYearsClasses = (layout: Layout): number => layout.schools * layout.classesPerSchool
export const lastYearsClasses = (layout: Layout): number => layout.schools * grades.length

/** Classes of this year, then of last year, then one of next year for each school. */
export function listClasses(layout: Layout): Listing<RosterClass> {
  const ids = sessionIds(layout)
  return joinListings(
    makeListing(thisYearsClasses(layout), (index) => classOfThisYear(layout, index)),
    makeListing(lastYearsClasses(layout), (index): RosterClass => {
      const [school, grade] = [Math.floor(index / grades.length), index % grades.length]
      const name = gradesBefore[grade] ?? ''
      return {
        sourcedId: lastYearsClass(layout, school, grade),
        ...{ title: `Social Studies ${name}`, classCode: `SOC-${name}-L`, classType: 'scheduled', location: '' },
        ...{ grades: [name], subjects: ['Social Studies'], subjectCodes: ['04001'], course: lastYearsCourse(grade) },
        ...{ school: schoolAt(layout, school), terms: [ids.lastSpring], periods: ['2'] },
        ...lifecycleOf(layout, index + 5),
      }
    }),
    makeListing(layout.schools, (index): RosterClass => ({
      sourcedId: nextYearsClass(layout, index),
      ...{ title: 'Orientation', classCode: 'ORI-1-N', classType: 'scheduled', location: 'Aula' },
      ...{ grades: [], subjects: [], subjectCodes: [], course: nextYearsCourse },
      ...{ school: schoolAt(layout, index), terms: [ids.nextFall], periods: [] },
      ...lifecycleOf(layout, index + 6),
    })),
  )
}

function classOfThisYear(layout: Layout, index: number): RosterClass {
  const ids = sessionIds(layout)
  const place = classPlaceAt(layout, index)
  const { school, grade, subject, section } = place
  const { title, subject: subjectName, code } = subjects[subject] ?? subjects[0]
  const isOtherSpelling =
    school === courseInAnotherSpelling.schoolIndex &&
    grade === courseInAnotherSpelling.gradeIndex &&
    subject === courseInAnotherSpelling.subjectIndex
  const gradeName = grades[grade] ?? ''
  return {
    sourcedId: classSourcedId(layout, place),
    title:
      subject === 0
        ? `Homeroom ${gradeName}-${String(section + 1)}`
        : `${title} ${gradeName}, section ${String(section + 1)}`,
    classCode: `${title.slice(0, 3).toUpperCase()}-${gradeName}-${String(section + 1)}`,
    classType: subject === 0 ? 'homeroom' : 'scheduled',
    location: `Room ${String(100 + (index % 80))}`,
    grades: [gradeName],
    subjects: [subjectName],
    subjectCodes: [code],
    course: isOtherSpelling ? courseInAnotherSpelling.sourcedId : courseSourcedId(grade, subject),
    school: schoolAt(layout, school),
    // Art changes with the term; the rest goes on all year.
    terms: subject === 6 ? [ids.fall] : [ids.fall, ids.spring],
    periods: subject === 0 ? [] : [String(subject)],
    ...lifecycleOf(layout, index, { removedOn: classClosedOn(layout, index) }),
  }
}
