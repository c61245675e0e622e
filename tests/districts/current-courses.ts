import type { DataTypeFixture } from './define-fixture.ts'
import { makeTooWide, shift, waysOf, waysOfNeighbour } from './shortfalls.ts'
import { countTo, dropRows, setCell, takingOf, withdraw } from './whole-roster.ts'

export const currentCourses: DataTypeFixture = {
  dataType: 'currentCourses',
  files: ['enrollments', 'classes'],
  // The eighth is taken next year.
  keys: countTo(7).map(takingOf),
  shown: () => ({
    'enrollment-2': {
      ...{ studentId: 'student-1', courseId: 'BIO-1', term: 'Fall', courseName: 'Biology 1', status: 'inProgress' },
      ...{ sectionId: 'class-1', schoolId: 'school-1', beginDate: '2025-08-01', endDate: '2026-01-01' },
    },
    'taking-7': {
      ...{ studentId: 'student-7', courseId: 'BIO-7', term: 'Fall', courseName: 'Biology 7', status: 'inProgress' },
      ...{ sectionId: 'class-7', schoolId: 'school-2', beginDate: '2025-08-01', endDate: '2026-01-01' },
    },
  }),
  remove: (roster, key) => dropRows(roster, ['enrollments'], key),
  withdraw: (roster, key) => withdraw(roster, 'enrollments', key),
  refuse: (roster, key) => makeTooWide(roster, 'enrollments', key),
  change: (roster) => setCell(roster, 'courses', 'course-3', 'title', 'Biology of the sea'),
  changed: { key: 'taking-3', field: 'courseName', before: 'Biology 3', after: 'Biology of the sea' },
  lost: { dataType: 'courseCatalog', key: 'course-3', records: ['taking-3'] },
  absence: {
    key: 'taking-4',
    ways: [
      ...waysOf('enrollments'),
      ...waysOfNeighbour('classes'),
      ...waysOfNeighbour('academicSessions'),
      {
        name: 'enrollments.csv has the row, shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(roster, 'enrollments', 'taking-4').members(),
      },
      {
        name: 'enrollments.csv has the row, refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'enrollments', 'taking-4').members(),
      },
      {
        name: 'the row of its class is refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'classes', 'class-4').members(),
      },
      {
        name: 'the row of its session is refused',
        isThere: true,
        spoil: (roster) => {
          // In a session of its own: otherwise nothing of the package is current any more.
          roster.addRow('academicSessions', { ...late, sourcedId: 'late-2025' })
          setCell(roster, 'classes', 'class-4', 'termSourcedIds', 'late-2025')
          return makeTooWide(roster, 'academicSessions', 'late-2025').members()
        },
      },
    ],
  },
}

const late = {
  ...{ title: 'Late fall', type: 'term', startDate: '2025-09-01', endDate: '2026-01-01' },
  ...{ parentSourcedId: 'year-2026', schoolYear: '2026' },
}
