import type { DataTypeFixture } from './define-fixture.ts'
import { makeTooWide, shift, waysOf } from './shortfalls.ts'
import { countTo, dropRows, filesOfPeople, setCell, withdraw } from './whole-roster.ts'

export const staff: DataTypeFixture = {
  dataType: 'staff',
  files: ['users'],
  keys: countTo(8).map((number) => `teacher-${number}`),
  shown: () => ({
    'teacher-1': {
      ...{ sisId: 'no-teacher-1', sourceKey: 'teacher-1', givenName: 'Cleo', familyName: 'Márquez' },
      ...{ email: 'teacher-1@example.org', username: 'cleo.márquez', roles: 'teacher', schoolIds: 'school-1' },
      enrollmentStatus: 'active',
    },
    'teacher-7': {
      ...{ sisId: 'no-teacher-7', sourceKey: 'teacher-7', givenName: 'Nadia', familyName: 'Trask' },
      ...{ email: 'teacher-7@example.org', username: 'nadia.trask', roles: 'teacher', schoolIds: 'school-2' },
      enrollmentStatus: 'active',
    },
  }),
  remove: (roster, key) => dropRows(roster, filesOfPeople, key),
  withdraw: (roster, key) => withdraw(roster, 'users', key),
  refuse: (roster, key) => makeTooWide(roster, 'users', key),
  change: (roster) =>
    roster.version === '1.1'
      ? setCell(roster, 'users', 'teacher-3', 'orgSourcedIds', 'school-2,school-1')
      : roster.addRow('roles', {
          ...{ sourcedId: 'second-role', userSourcedId: 'teacher-3', role: 'teacher', roleType: 'secondary' },
          orgSourcedId: 'school-2',
        }),
  changed: { key: 'teacher-3', field: 'schoolIds', before: 'school-1', after: 'school-1;school-2' },
  absence: {
    key: 'teacher-2',
    ways: [
      ...waysOf('users'),
      ...waysOf('roles', ['1.2']),
      {
        name: 'users.csv has the row, shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(roster, 'users', 'teacher-2').members(),
      },
      {
        name: 'users.csv has the row, refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'users', 'teacher-2').members(),
      },
      {
        name: 'users.csv has the row without an e-mail',
        isThere: true,
        spoil: (roster) => setCell(roster, 'users', 'teacher-2', 'email', '').members(),
      },
      {
        name: 'roles.csv has the row, refused',
        versions: ['1.2'],
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'roles', 'role-of-teacher-2').members(),
      },
    ],
  },
}
