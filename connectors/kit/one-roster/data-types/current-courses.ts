import type { RowView } from '../../csv/row-view.ts'
import { isBlank, isWord, readCell } from '../rows/cell-text.ts'
import { uniteLists } from '../rows/unite-lists.ts'
import { createClassIndex, type KnownClass } from './class-index.ts'
import { createCourseIndex, findCourse, type KnownCourse } from './course-index.ts'
import { isWithdrawn, type OneRosterType, type FileTaker, type Positions, type TypeContext } from './one-roster-type.ts'
import type { RowIndex } from './row-index.ts'
import { createSessionIndex, type Session } from './session-index.ts'
import { ValueRecord } from '../rows/value-record.ts'

/** Students' enrollments in classes that are taught in a session of today, with the course of the class. */
export const currentCourses: OneRosterType = {
  dataType: 'currentCourses',
  collections: [
    {
      name: 'enrollments',
      kind: 'records',
      columns: [
        ...[
          'sourcedId',
          'userSourcedId',
          'courseSourcedId',
          'classSourcedId',
          'schoolSourcedId',
          'courseTitle',
          'term',
        ],
        ...['beginDate', 'endDate'],
      ],
    },
  ],
  mapping: {
    fields: {
      studentId: { from: 'enrollments.userSourcedId' },
      courseId: { from: 'enrollments.courseSourcedId' },
      term: { from: 'enrollments.term' },
      courseName: { from: 'enrollments.courseTitle' },
      sectionId: { from: 'enrollments.classSourcedId' },
      schoolId: { from: 'enrollments.schoolSourcedId' },
      beginDate: { from: 'enrollments.beginDate' },
      endDate: { from: 'enrollments.endDate' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'academicSessions', 'courses', 'classes', 'enrollments'],
  file: 'enrollments',
  isOfToday: true,
  besides: ['academicSessions', 'courses', 'classes'],
  needs: ['academicSessions', 'classes', 'enrollments'],
  isPutTogether: true,
  start: (context) => {
    const [sessions, courses, classes] = [createSessionIndex(), createCourseIndex(), createClassIndex()]
    return (file, _mode, positions) => {
      switch (file) {
        case 'academicSessions':
          return sessions.take(positions)
        case 'courses':
          return courses.take(positions)
        case 'classes':
          return classes.take(positions)
        case 'enrollments':
          return takeCurrent(context, { sessions, courses, classes }, positions)
        default:
          return undefined
      }
    }
  },
}

const otherRoles = ['teacher', 'administrator', 'proctor']

type Indexes = {
  readonly sessions: RowIndex<Session>
  readonly courses: RowIndex<KnownCourse>
  readonly classes: RowIndex<KnownClass>
}

function takeCurrent(
  { facts, sink, today }: TypeContext,
  { sessions, courses, classes }: Indexes,
  positions: Positions,
): FileTaker {
  const cell = (column: string) => positions.get(column) ?? -1
  const [keyCell, roleCell, statusCell] = [cell('sourcedId'), cell('role'), cell('status')]
  const text = (row: RowView, column: string) => readCell(row, cell(column))
  const record = new ValueRecord('enrollments', 'enrollments')
  const isNow = (start: string, end: string) => (start === '' || start <= today) && (end === '' || today < end)
  const findSession = ({ terms }: KnownClass): Session | undefined =>
    uniteLists(terms)
      .flatMap((term) => sessions.find(term) ?? [])
      .find(({ startDate, endDate }) => isNow(startDate, endDate))
  const see = (row: RowView): void => {
    if (isBlank(row, keyCell)) facts.everyRowHasKey = false
    facts.rowCount++
    sink.record(record.show(row.line, 'rejected', readCell(row, keyCell), {}))
  }
  return {
    row: (row, isAccepted, isMisshapen) => {
      if (!isAccepted) {
        // Whose role cannot be read may be a student.
        if (isMisshapen || !otherRoles.some((role) => isWord(row, roleCell, role))) see(row)
        return
      }
      if (!isWord(row, roleCell, 'student')) return
      if (isWithdrawn(row, statusCell)) {
        facts.rowCount++
        sink.record(record.show(row.line, 'inactive', readCell(row, keyCell), {}))
        return
      }
      const [beginDate, endDate] = [text(row, 'beginDate'), text(row, 'endDate')]
      if (!isNow(beginDate, endDate)) return
      const classSourcedId = text(row, 'classSourcedId')
      const rosterClass = classes.find(classSourcedId)
      const session = rosterClass === undefined ? undefined : findSession(rosterClass)
      if (rosterClass === undefined || session === undefined) {
        const isUncertain =
          rosterClass === undefined
            ? classes.isUncertain(classSourcedId)
            : uniteLists(rosterClass.terms).some((term) => sessions.isUncertain(term))
        if (isUncertain) see(row)
        return
      }
      facts.rowCount++
      facts.acceptedCount++
      const values = {
        sourcedId: readCell(row, keyCell),
        userSourcedId: text(row, 'userSourcedId'),
        courseSourcedId: rosterClass.course,
        classSourcedId,
        schoolSourcedId: rosterClass.school,
        courseTitle: findCourse(courses, rosterClass.course).title,
        term: session.title,
        beginDate: beginDate || session.startDate,
        endDate: endDate || session.endDate,
      }
      sink.record(record.show(row.line, 'active', values.sourcedId, values))
    },
  }
}
