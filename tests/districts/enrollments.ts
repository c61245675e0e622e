import type { DataTypeFixture } from './define-fixture.ts'
import { makeTooWide, shift, waysOf } from './shortfalls.ts'
import { countTo, dropRows, setCell, takingOf, withdraw } from './whole-roster.ts'

export const enrollments: DataTypeFixture = {
  dataType: 'enrollments',
  files: ['enrollments'],
  keys: [
    ...countTo(8).map(takingOf),
    ...['enrollment-1', 'teaching-1b'],
    ...countTo(8)
      .slice(1)
      .map((number) => `teaching-${number}`),
  ],
  shown: () => ({
    'enrollment-2': {
      ...{ sisId: 'enrollment-2', classId: 'class-1', userId: 'student-1', role: 'student' },
      ...{ beginDate: '2025-08-01', endDate: '2026-01-01' },
    },
    'teaching-1b': {
      ...{ sisId: 'teaching-1b', classId: 'class-1', userId: 'teacher-2', role: 'teacher', primary: 'true' },
    },
  }),
  remove: (roster, key) => dropRows(roster, ['enrollments'], key),
  withdraw: (roster, key) => withdraw(roster, 'enrollments', key),
  refuse: (roster, key) => makeTooWide(roster, 'enrollments', key),
  change: (roster) => setCell(roster, 'enrollments', 'taking-3', 'endDate', '2025-12-20'),
  changed: { key: 'taking-3', field: 'endDate', before: '', after: '2025-12-20' },
  lost: { dataType: 'classes', key: 'class-3', records: ['taking-3', 'teaching-3'] },
  absence: {
    key: 'taking-4',
    ways: [
      ...waysOf('enrollments'),
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
        name: 'enrollments.csv has the row without a user',
        isThere: true,
        spoil: (roster) => setCell(roster, 'enrollments', 'taking-4', 'userSourcedId', '').members(),
      },
    ],
  },
}
