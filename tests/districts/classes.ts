import type { DataTypeFixture } from './define-fixture.ts'
import { makeTooWide, shift, waysOf } from './shortfalls.ts'
import { countTo, dropRows, setCell, withdraw } from './whole-roster.ts'

export const classes: DataTypeFixture = {
  dataType: 'classes',
  files: ['classes', 'enrollments'],
  keys: countTo(8).map((number) => `class-${number}`),
  shown: () => ({
    'class-1': {
      ...{ sisId: 'class-1', title: 'Biology 1, period 1', courseCode: 'BIO-1', schoolId: 'school-1' },
      ...{ termIds: 'fall-2025', subject: 'Science', grades: '09', periods: '1;3' },
      // The primary one before the other, against the order of the keys.
      teacherIds: 'teacher-2;teacher-1',
    },
    'class-8': {
      ...{ sisId: 'class-8', title: 'Biology 8, period 1', courseCode: 'BIO-8', schoolId: 'school-2' },
      ...{ termIds: 'fall-2026', subject: 'Science', grades: '09', periods: '1;3', teacherIds: 'teacher-8' },
    },
  }),
  remove: (roster, key) => dropRows(roster, ['classes', 'enrollments', 'lineItems'], key),
  withdraw: (roster, key) => withdraw(roster, 'classes', key),
  refuse: (roster, key) => makeTooWide(roster, 'classes', key),
  // Said by another file: of the row of the class nothing changes.
  change: (roster) =>
    roster.addRow('enrollments', {
      ...{ sourcedId: 'teaching-3b', classSourcedId: 'class-3', userSourcedId: 'teacher-1', role: 'teacher' },
      primary: 'false',
    }),
  changed: { key: 'class-3', field: 'teacherIds', before: 'teacher-3', after: 'teacher-3;teacher-1' },
  lost: { dataType: 'staff', key: 'teacher-3', records: ['class-3'] },
  absence: {
    key: 'class-2',
    ways: [
      ...waysOf('classes'),
      {
        name: 'classes.csv has the row, shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(roster, 'classes', 'class-2').members(),
      },
      {
        name: 'classes.csv has the row, refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'classes', 'class-2').members(),
      },
      {
        name: 'classes.csv has the row without a school',
        isThere: true,
        spoil: (roster) => setCell(roster, 'classes', 'class-2', 'schoolSourcedId', '').members(),
      },
      {
        name: 'its teacher is gone from enrollments.csv',
        isThere: true,
        spoil: (roster) => dropRows(roster, ['enrollments'], 'teaching-2').members(),
      },
      {
        name: 'enrollments.csv is marked absent',
        isThere: true,
        spoil: (roster) => roster.leaveOut('enrollments').members(),
      },
    ],
  },
}
