import type { RowView } from '../../csv/row-view.ts'
import { isBlank, isWord, readCell } from '../rows/cell-text.ts'
import { Besides } from './besides.ts'
import { createCourseIndex, findCourse, type KnownCourse } from './course-index.ts'
import {
  createRowRecord,
  isWithdrawn,
  type OneRosterType,
  type FileTaker,
  type Positions,
  type TypeContext,
} from './one-roster-type.ts'
import type { RowIndex } from './row-index.ts'
import type { MadeColumns } from '../rows/row-record.ts'
import { ValueRecord } from '../rows/value-record.ts'

/** A class without a name of its own is called by its course, its number and when it meets. */
const made: MadeColumns = {
  displayTitle: {
    from: ['title', 'classCode', 'periods'],
    make: (read) =>
      read('title') ||
      [read('courseTitle'), read('classCode'), read('periods')].filter((part) => part !== '').join(' '),
  },
}

/** Classes, what their courses say of them, and their teachers by enrollments.csv. */
export const classes: OneRosterType = {
  dataType: 'classes',
  collections: [
    {
      name: 'classes',
      kind: 'records',
      columns: [
        ...['sourcedId', 'title', 'displayTitle', 'grades', 'courseSourcedId', 'courseCode', 'courseTitle'],
        ...['courseSubjects', 'classCode', 'classType', 'location', 'schoolSourcedId', 'termSourcedIds', 'subjects'],
        ...['subjectCodes', 'periods'],
      ],
    },
    { name: 'teachers', kind: 'gathered', columns: ['userSourcedId', 'primary'] },
  ],
  mapping: {
    fields: {
      sisId: { from: 'classes.sourcedId' },
      title: { from: 'classes.displayTitle' },
      courseCode: { from: 'classes.courseCode' },
      schoolId: { from: 'classes.schoolSourcedId' },
      termIds: { from: 'classes.termSourcedIds' },
      subject: { from: 'classes.subjects', take: 'first' },
      grades: { from: 'classes.grades' },
      periods: { from: 'classes.periods' },
      teacherIds: { gather: 'teachers.userSourcedId', first: 'teachers.primary' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'courses', 'classes', 'enrollments'],
  file: 'classes',
  besides: [],
  needs: ['classes'],
  gatheredFrom: ['enrollments'],
  made: { classes: made },
  start: (context) => {
    const courses = createCourseIndex()
    return (file, mode, positions) => {
      if (file === 'courses') return courses.take(positions)
      if (file === 'enrollments') return takeTeachers(context, positions)
      if (file !== 'classes') return undefined
      const record = createRowRecord(context, { file, mode, positions, made })
      return takeClasses(context, courses, positions, record)
    }
  },
}

function takeClasses(
  { facts, sink }: TypeContext,
  courses: RowIndex<KnownCourse>,
  positions: Positions,
  record: ReturnType<typeof createRowRecord>,
): FileTaker {
  const cell = (column: string) => positions.get(column) ?? -1
  const [key, status, course] = [cell('sourcedId'), cell('status'), cell('courseSourcedId')]
  const besides = new Besides()
  return {
    row: (row, isAccepted) => {
      if (!isAccepted && isBlank(row, key)) facts.everyRowHasKey = false
      facts.rowCount++
      if (isAccepted) facts.acceptedCount++
      const presence = !isAccepted ? 'rejected' : isWithdrawn(row, status) ? 'inactive' : 'active'
      const courseKey = readCell(row, course)
      const beside = besides.get(courseKey, () => {
        const { code, title, subjects } = findCourse(courses, courseKey)
        const values = { courseCode: code, courseTitle: title, courseSubjects: subjects }
        return { values, digest: JSON.stringify(values) }
      })
      sink.record(record.show(row, presence, beside))
    },
  }
}

const otherRoles = ['student', 'administrator', 'proctor']

function takeTeachers({ sink, facts }: TypeContext, positions: Positions): FileTaker {
  const cell = (column: string) => positions.get(column) ?? -1
  const [role, status, user, rosterClass] = [
    cell('role'),
    cell('status'),
    cell('userSourcedId'),
    cell('classSourcedId'),
  ]
  const primary = cell('primary')
  const teacher = new ValueRecord('teachers', 'enrollments')
  const isOther = (row: RowView) => otherRoles.some((other) => isWord(row, role, other))
  return {
    row: (row, isAccepted, isMisshapen) => {
      // Whose role cannot be read may be a teacher.
      if (isAccepted ? !isWord(row, role, 'teacher') : isOther(row) && !isMisshapen) return
      const key = readCell(row, rosterClass)
      if (key === '' || isMisshapen) {
        if (!isAccepted) facts.everyItemHasKey = false
        return
      }
      const presence = !isAccepted ? 'rejected' : isWithdrawn(row, status) ? 'inactive' : 'active'
      const values = {
        // Of a refused row not even that need be there; it makes the class uncertain all the same.
        userSourcedId: readCell(row, user) || '?',
        primary: isWord(row, primary, 'true') ? 'true' : '',
      }
      sink.record(teacher.show(row.line, presence, key, values))
    },
  }
}
