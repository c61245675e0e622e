import { gradeLevel } from '../../../../domain/code-sets/grade-level.ts'
import { isBlank, readCell } from '../rows/cell-text.ts'
import { Besides } from './besides.ts'
import { uniteLists } from '../rows/unite-lists.ts'
import { createRowRecord, isWithdrawn, type OneRosterType } from './one-roster-type.ts'
import type { MadeColumns } from '../rows/row-record.ts'
import { createSessionIndex } from './session-index.ts'

/** `SSCCC`, the subject area and the course of the School Courses for the Exchange of Data; more may follow. */
const scedCode = /^(\d\d)(\d\d\d)/

const made: MadeColumns = {
  gradeLow: { from: ['grades'], make: (read) => sortGrades(read('grades')).at(0) ?? '' },
  gradeHigh: { from: ['grades'], make: (read) => sortGrades(read('grades')).at(-1) ?? '' },
  scedSubject: { from: ['subjectCodes'], make: (read) => readSced(read('subjectCodes'))?.[1] ?? '' },
  scedCourse: { from: ['subjectCodes'], make: (read) => readSced(read('subjectCodes'))?.[0] ?? '' },
}

/** courses.csv, with the academic year of each course from the session that it names. */
export const courseCatalog: OneRosterType = {
  dataType: 'courseCatalog',
  collections: [
    {
      name: 'courses',
      kind: 'records',
      columns: [
        ...[
          'sourcedId',
          'academicYear',
          'schoolYearSourcedId',
          'title',
          'courseCode',
          'grades',
          'gradeLow',
          'gradeHigh',
        ],
        ...['orgSourcedId', 'subjects', 'subjectCodes', 'scedSubject', 'scedCourse'],
      ],
    },
  ],
  mapping: {
    fields: {
      courseId: { firstComplete: ['courses.courseCode', 'courses.sourcedId'] },
      academicYear: { from: 'courses.academicYear' },
      name: { from: 'courses.title' },
      subjectArea: { from: 'courses.subjects', take: 'first' },
      gradeLow: { from: 'courses.gradeLow' },
      gradeHigh: { from: 'courses.gradeHigh' },
      scedSubject: { from: 'courses.scedSubject' },
      scedCourse: { from: 'courses.scedCourse' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'academicSessions', 'courses'],
  file: 'courses',
  besides: [],
  needs: ['courses'],
  made: { courses: made },
  start: (context) => {
    const { facts, sink } = context
    const sessions = createSessionIndex()
    const besides = new Besides()
    return (file, mode, positions) => {
      if (file === 'academicSessions') return sessions.take(positions)
      if (file !== 'courses') return undefined
      const cell = (column: string) => positions.get(column) ?? -1
      const record = createRowRecord(context, { file, mode, positions, made })
      return {
        row: (row, isAccepted) => {
          if (!isAccepted && isBlank(row, cell('sourcedId'))) facts.everyRowHasKey = false
          facts.rowCount++
          if (isAccepted) facts.acceptedCount++
          const presence = !isAccepted ? 'rejected' : isWithdrawn(row, cell('status')) ? 'inactive' : 'active'
          const year = readCell(row, cell('schoolYearSourcedId'))
          const beside = besides.get(year, () => {
            const academicYear = sessions.find(year)?.schoolYear ?? ''
            return { values: { academicYear }, digest: academicYear }
          })
          sink.record(record.show(row, presence, beside))
        },
      }
    }
  },
}

/** From the youngest to the oldest; a grade of a vocabulary of the district's own has no place among them. */
function sortGrades(list: string): readonly string[] {
  const grades = uniteLists(list).filter((grade) => gradeLevel.values.includes(grade))
  return grades.toSorted((a, b) => gradeLevel.values.indexOf(a) - gradeLevel.values.indexOf(b))
}

/** Of the first of the codes that is one: the whole of it, and the subject area. */
function readSced(list: string): RegExpExecArray | undefined {
  for (const code of uniteLists(list)) {
    const found = scedCode.exec(code)
    if (found !== null) return found
  }
  return undefined
}
