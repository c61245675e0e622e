import { createRandom } from '../oneroster-package/invented-people.ts'
import {
  classIndexOf,
  classPlaceAt,
  classSourcedId,
  lastYearsClass,
  lastYearsClasses,
  thisYearsClasses,
} from './classes.ts'
import { placeOfStudent } from './enrollments.ts'
import { grades, gradesBefore, schoolAt, type Layout } from './layout.ts'
import { cameOn, classClosedOn, leftOn, lifecycleOf } from './lifecycle.ts'
import { joinListings, listingOf, makeListing, type Listing } from './listing.ts'
import type { Category, LineItem, Result } from './records.ts'
import { sessionIds } from './sessions.ts'

const categories = ['Homework', 'Tests', 'Final grade'] as const

export function listCategories(layout: Layout): Listing<Category> {
  const weights = [40, 40, 20]
  return listingOf(
    categories.map((title, index) => ({
      ...{ sourcedId: `category-${String(index + 1)}`, title, weight: weights[index] ?? 0 },
      ...lifecycleOf(layout, index + 1),
    })),
  )
}

const lineItemOf = (rosterClass: string): string => `item-${rosterClass.slice('class-'.length)}`

/** One for each class of this year and of last year. */
export function listLineItems(layout: Layout): Listing<LineItem> {
  const ids = sessionIds(layout)
  const y = String(layout.startYear)
  const range = { resultValueMin: 0, resultValueMax: 100 }
  return joinListings(
    makeListing(thisYearsClasses(layout), (index): LineItem => {
      const place = classPlaceAt(layout, index)
      const rosterClass = classSourcedId(layout, place)
      return {
        ...{ sourcedId: lineItemOf(rosterClass), title: 'First test', description: '' },
        ...{ assignDate: `${y}-09-01`, dueDate: `${y}-09-12`, class: rosterClass },
        ...{ school: schoolAt(layout, place.school), category: index % 2 === 0 ? 'category-1' : 'category-2' },
        ...{ gradingPeriod: ids.firstQuarter, academicSession: ids.fall, ...range },
        ...lifecycleOf(layout, index, { removedOn: classClosedOn(layout, index) }),
      }
    }),
    makeListing(lastYearsClasses(layout), (index): LineItem => {
      const school = Math.floor(index / grades.length)
      const rosterClass = lastYearsClass(layout, school, index % grades.length)
      return {
        ...{ sourcedId: lineItemOf(rosterClass), title: 'Final grade', description: 'Grade of the half-year' },
        ...{ assignDate: `${y}-06-01`, dueDate: `${y}-06-10`, class: rosterClass },
        ...{ school: schoolAt(layout, school), category: 'category-3' },
        ...{ gradingPeriod: ids.lastQuarter, academicSession: ids.lastSpring, ...range },
        ...lifecycleOf(layout, index),
      }
    }),
  )
}

/** Of each student: two tests of this year, and the final grade of last year, which has credits. */
export function listResults(layout: Layout): Listing<Result> {
  return makeListing(layout.students * 3, (index) => makeResult(layout, 1 + Math.floor(index / 3), index % 3))
}

function makeResult(layout: Layout, number: number, kind: number): Result {
  const student = layout.studentOf(number)
  const place = placeOfStudent(layout, number, kind === 2 ? 0 : kind + 1)
  const isLastYear = kind === 2
  const rosterClass = isLastYear ? lastYearsClass(layout, place.school, place.grade) : classSourcedId(layout, place)
  const closedOn = isLastYear ? undefined : classClosedOn(layout, classIndexOf(layout, place))
  const random = createRandom(layout.seed + 3, number * 3 + kind)
  const isSubmitted = isLastYear || random() < 0.95
  const score = isSubmitted ? Math.round((50 + random() * 50) * 10) / 10 : 0
  const y = String(layout.startYear)
  return {
    ...{ sourcedId: `result-${student.identifier}-${String(kind)}`, lineItem: lineItemOf(rosterClass) },
    ...{ student: student.sourcedId, class: rosterClass },
    scoreStatus: isSubmitted ? 'fully graded' : 'not submitted',
    score,
    textScore: isSubmitted ? letterOf(score) : '',
    scoreDate: isLastYear ? `${y}-06-12` : `${y}-09-14`,
    comment: number % 10 === 1 ? 'Très bien, "weiter so"' : '',
    isLate: number % 13 === 2,
    ...(isLastYear && { metadata: creditsOf(score, gradesBefore[place.grade] ?? '') }),
    ...lifecycleOf(layout, number * 3 + kind, {
      changedOn: cameOn(layout, number),
      removedOn: leftOn(layout, number) ?? closedOn,
    }),
  }
}

/** OneRoster has no place of its own for what a student has taken. */
function creditsOf(score: number, gradeLevel: string): Readonly<Record<string, string>> {
  return { creditsAttempted: '0.5', creditsEarned: letterOf(score) === 'F' ? '0' : '0.5', gradeLevel }
}

function letterOf(score: number): string {
  return score >= 90 ? 'A' : score >= 80 ? 'B' : score >= 70 ? 'C' : score >= 60 ? 'D' : 'F'
}
