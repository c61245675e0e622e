import {
  classIndexOf,
  classPlaceAt,
  classSourcedId,
  lastYearsClass,
  lastYearsClasses,
  nextYearsClass,
  thisYearsClasses,
  type ClassPlace,
} from './classes.ts'
import { gradeIndexOf, grades, schoolAt, secondSchoolIndexOf, subjects, type Layout } from './layout.ts'
import { cameOn, classClosedOn, dateOfDay, enrollmentEndedOn, leftOn, lifecycleOf } from './lifecycle.ts'
import { joinListings, makeListing, type Listing } from './listing.ts'
import type { Enrollment } from './records.ts'
import { teacherSourcedId } from './staff-ids.ts'

/** A student is in a class of each subject, and was in one last year. */
const enrollmentsPerStudent = subjects.length + 1

/** Of seventeen classes one has nobody to teach it, and one has two teachers. */
const classesInBlock = 17

/** The class of a student for a subject. Somebody at two schools has the last subject at the second one. */
export function placeOfStudent(layout: Layout, number: number, subject: number): ClassPlace {
  const student = layout.studentOf(number)
  const second = subject === subjects.length - 1 ? secondSchoolIndexOf(layout, number) : undefined
  return {
    school: second ?? student.schoolNumber - 1,
    grade: gradeIndexOf(student),
    subject,
    section: number % layout.sections,
  }
}

/** Students in their classes, the teachers of classes, second teachers, and some who are enrolled for next year. */
export function listEnrollments(layout: Layout): Listing<Enrollment> {
  const taught = thisYearsClasses(layout) + lastYearsClasses(layout)
  const blocks = Math.floor(taught / classesInBlock)
  const inBlocks = classesInBlock - 1
  return joinListings(
    makeListing(layout.students * enrollmentsPerStudent, (index) =>
      studentsEnrollment(layout, 1 + Math.floor(index / enrollmentsPerStudent), index % enrollmentsPerStudent),
    ),
    makeListing(blocks * inBlocks + (taught % classesInBlock), (index) => {
      const block = Math.min(Math.floor(index / inBlocks), blocks)
      return teachersEnrollment(layout, block * classesInBlock + (index - block * inBlocks), 1)
    }),
    makeListing(blocks, (block) => teachersEnrollment(layout, block * classesInBlock + 3, 2)),
    makeListing(Math.min(20, layout.students), (index) => nextYearsEnrollment(layout, index + 1)),
  )
}

function studentsEnrollment(layout: Layout, number: number, slot: number): Enrollment {
  const student = layout.studentOf(number)
  const isLastYear = slot === subjects.length
  const place = placeOfStudent(layout, number, isLastYear ? 0 : slot)
  const closedOn = isLastYear ? undefined : classClosedOn(layout, classIndexOf(layout, place))
  const endedOn = isLastYear ? undefined : enrollmentEndedOn(layout, number * enrollmentsPerStudent + slot)
  const y = layout.startYear
  return {
    sourcedId: `enrollment-${student.identifier}-${String(slot)}`,
    class: isLastYear ? lastYearsClass(layout, place.school, place.grade) : classSourcedId(layout, place),
    school: schoolAt(layout, place.school),
    user: student.sourcedId,
    role: 'student',
    primary: null,
    beginDate: isLastYear ? `${String(y)}-01-01` : `${String(y)}-08-15`,
    endDate: isLastYear ? `${String(y)}-06-15` : endedOn === undefined ? '' : dateOfDay(layout, endedOn),
    ...lifecycleOf(layout, number * enrollmentsPerStudent + slot, {
      changedOn: endedOn ?? cameOn(layout, number),
      removedOn: leftOn(layout, number) ?? closedOn,
    }),
  }
}

/** The teacher of class `index`, or the second one. */
function teachersEnrollment(layout: Layout, index: number, which: 1 | 2): Enrollment {
  const isLastYear = index >= thisYearsClasses(layout)
  const old = index - thisYearsClasses(layout)
  const place = isLastYear
    ? { school: Math.floor(old / grades.length), grade: old % grades.length, subject: 0, section: 0 }
    : classPlaceAt(layout, index)
  const inSchool = isLastYear ? place.grade : index - place.school * layout.classesPerSchool
  const teacher = 1 + ((inSchool + which - 1) % layout.teachersPerSchool)
  const rosterClass = isLastYear ? lastYearsClass(layout, place.school, place.grade) : classSourcedId(layout, place)
  return {
    sourcedId: `enrollment-t${String(which)}-${rosterClass.slice('class-'.length)}`,
    class: rosterClass,
    school: schoolAt(layout, place.school),
    user: teacherSourcedId(layout, place.school, teacher),
    role: 'teacher',
    primary: which === 1,
    ...{ beginDate: '', endDate: '' },
    ...lifecycleOf(layout, index, { removedOn: isLastYear ? undefined : classClosedOn(layout, index) }),
  }
}

function nextYearsEnrollment(layout: Layout, number: number): Enrollment {
  const student = layout.studentOf(number)
  const school = student.schoolNumber - 1
  return {
    sourcedId: `enrollment-${student.identifier}-next`,
    ...{ class: nextYearsClass(layout, school), school: schoolAt(layout, school), user: student.sourcedId },
    ...{ role: 'student', primary: null, beginDate: `${String(layout.startYear + 1)}-08-15`, endDate: '' },
    ...lifecycleOf(layout, number, { removedOn: leftOn(layout, number) }),
  }
}
