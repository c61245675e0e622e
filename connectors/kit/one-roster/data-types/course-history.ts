import type { RowView } from '../../csv/row-view.ts'
import { isBlank, readCell } from '../rows/cell-text.ts'
import { createClassIndex, type KnownClass } from './class-index.ts'
import { createCourseIndex, findCourse, type KnownCourse } from './course-index.ts'
import { isWithdrawn, type OneRosterType, type FileTaker, type Positions, type TypeContext } from './one-roster-type.ts'
import { RowIndex } from './row-index.ts'
import { createSessionIndex, type Session } from './session-index.ts'
import { ValueRecord } from '../rows/value-record.ts'

/** What a source adds to results.csv that are final grades of a course; without the credits a result is one of a piece of work. */
const creditColumns = ['metadata.creditsAttempted', 'metadata.creditsEarned'] as const

/**
 * Results that carry credits: OneRoster itself has no place for what a student has taken, and the score of an assignment is
 * none. A file without these columns has nothing to import.
 */
export const courseHistory: OneRosterType = {
  dataType: 'courseHistory',
  collections: [
    {
      name: 'results',
      kind: 'records',
      columns: [
        ...['sourcedId', 'studentSourcedId', 'courseSourcedId', 'courseTitle', 'classSourcedId', 'schoolSourcedId'],
        ...['term', 'academicYear', 'score', 'textScore', 'creditsAttempted', 'creditsEarned', 'gradeLevel'],
      ],
    },
  ],
  mapping: {
    fields: {
      studentId: { from: 'results.studentSourcedId' },
      courseId: { from: 'results.courseSourcedId' },
      gradeLevel: { from: 'results.gradeLevel' },
      term: { from: 'results.term' },
      courseName: { from: 'results.courseTitle' },
      creditsAttempted: { from: 'results.creditsAttempted' },
      creditsEarned: { from: 'results.creditsEarned' },
      letterGrade: { from: 'results.textScore' },
      score: { from: 'results.score' },
      sectionId: { from: 'results.classSourcedId' },
      schoolId: { from: 'results.schoolSourcedId' },
      academicYear: { from: 'results.academicYear' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'academicSessions', 'courses', 'classes', 'lineItems', 'results'],
  file: 'results',
  besides: ['academicSessions', 'courses', 'classes', 'lineItems'],
  needs: ['classes', 'lineItems', 'results'],
  isPutTogether: true,
  start: (context) => {
    const indexes: Indexes = {
      sessions: createSessionIndex(),
      courses: createCourseIndex(),
      classes: createClassIndex(),
      lineItems: createLineItemIndex(),
    }
    return (file, _mode, positions) => {
      switch (file) {
        case 'academicSessions':
          return indexes.sessions.take(positions)
        case 'courses':
          return indexes.courses.take(positions)
        case 'classes':
          return indexes.classes.take(positions)
        case 'lineItems':
          return indexes.lineItems.take(positions)
        case 'results':
          return takeResults(context, indexes, positions)
        default:
          return undefined
      }
    }
  },
}

type LineItem = { readonly rosterClass: string; readonly session: string }

type Indexes = {
  readonly sessions: RowIndex<Session>
  readonly courses: RowIndex<KnownCourse>
  readonly classes: RowIndex<KnownClass>
  readonly lineItems: RowIndex<LineItem>
}

function createLineItemIndex(): RowIndex<LineItem> {
  return new RowIndex((read) => ({
    rosterClass: read('classSourcedId'),
    session: read('academicSessionSourcedId') || read('gradingPeriodSourcedId'),
  }))
}

function takeResults(
  { facts, sink }: TypeContext,
  { sessions, courses, classes, lineItems }: Indexes,
  positions: Positions,
): FileTaker | undefined {
  if (creditColumns.some((column) => !positions.has(column))) return undefined
  const text = (row: RowView, column: string) => readCell(row, positions.get(column) ?? -1)
  const record = new ValueRecord('results', 'results')
  return {
    row: (row, isAccepted) => {
      const key = text(row, 'sourcedId')
      if (!isAccepted) {
        if (isBlank(row, positions.get('sourcedId') ?? -1)) facts.everyRowHasKey = false
        facts.rowCount++
        sink.record(record.show(row.line, 'rejected', key, {}))
        return
      }
      const [creditsAttempted, creditsEarned] = creditColumns.map((column) => text(row, column))
      if (isWithdrawn(row, positions.get('status') ?? -1)) {
        facts.rowCount++
        sink.record(record.show(row.line, 'inactive', key, {}))
        return
      }
      if (creditsAttempted === undefined || creditsAttempted === '') return
      const item = lineItems.find(text(row, 'lineItemSourcedId'))
      const rosterClass = item === undefined ? undefined : classes.find(item.rosterClass)
      const session = item === undefined ? undefined : sessions.find(item.session)
      facts.rowCount++
      facts.acceptedCount++
      const values = {
        sourcedId: key,
        studentSourcedId: text(row, 'studentSourcedId'),
        courseSourcedId: rosterClass?.course ?? '',
        courseTitle: rosterClass === undefined ? '' : findCourse(courses, rosterClass.course).title,
        classSourcedId: item?.rosterClass ?? '',
        schoolSourcedId: rosterClass?.school ?? '',
        term: session?.title ?? '',
        academicYear: session?.schoolYear ?? '',
        score: text(row, 'score'),
        textScore: text(row, 'textScore'),
        creditsAttempted,
        creditsEarned: creditsEarned ?? '',
        gradeLevel: text(row, 'metadata.gradeLevel'),
      }
      sink.record(record.show(row.line, 'active', key, values))
    },
  }
}
