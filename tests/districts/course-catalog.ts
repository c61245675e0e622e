import type { DataTypeFixture } from './define-fixture.ts'
import { makeTooWide, shift, waysOf } from './shortfalls.ts'
import { countTo, dropRows, setCell, withdraw } from './whole-roster.ts'

export const courseCatalog: DataTypeFixture = {
  dataType: 'courseCatalog',
  files: ['courses'],
  keys: countTo(8).map((number) => `course-${number}`),
  shown: () => ({
    'course-1': {
      ...{ courseId: 'BIO-1', academicYear: '2026', name: 'Biology 1', subjectArea: 'Science', status: 'active' },
      ...{ gradeLow: '09', gradeHigh: '10', scedSubject: '03', scedCourse: '03001' },
    },
    'course-8': {
      ...{ courseId: 'BIO-8', academicYear: '2027', name: 'Biology 8', subjectArea: 'Science', status: 'active' },
      ...{ gradeLow: '09', gradeHigh: '10', scedSubject: '03', scedCourse: '03001' },
    },
  }),
  remove: (roster, key) => dropRows(roster, ['courses'], key),
  withdraw: (roster, key) => withdraw(roster, 'courses', key),
  refuse: (roster, key) => makeTooWide(roster, 'courses', key),
  change: (roster) => setCell(roster, 'courses', 'course-3', 'grades', '08,09,10'),
  changed: { key: 'course-3', field: 'gradeLow', before: '09', after: '08' },
  blank: { field: 'subjectArea', leave: (roster) => setCell(roster, 'courses', 'course-3', 'subjects', '') },
  absence: {
    key: 'course-2',
    ways: [
      ...waysOf('courses'),
      {
        name: 'courses.csv has the row, shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(roster, 'courses', 'course-2').members(),
      },
      {
        name: 'courses.csv has the row, refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'courses', 'course-2').members(),
      },
      {
        name: 'courses.csv has the row without a title',
        isThere: true,
        spoil: (roster) => setCell(roster, 'courses', 'course-2', 'title', '').members(),
      },
    ],
  },
}
