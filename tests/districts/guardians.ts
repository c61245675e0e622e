import type { DataTypeFixture } from './define-fixture.ts'
import { makeTooWide, shift, waysOf } from './shortfalls.ts'
import { countTo, dropRows, filesOfPeople, setCell, withdraw } from './whole-roster.ts'

export const guardians: DataTypeFixture = {
  dataType: 'guardians',
  files: ['users'],
  keys: countTo(8).map((number) => `parent-${number}`),
  shown: () => ({
    'parent-1': {
      ...{ sisId: 'no-parent-1', sourceKey: 'parent-1', givenName: 'Paula', familyName: 'Quill' },
      ...{ email: 'parent-1@example.org', phone: '+15035551301', username: 'paula.quill', relationship: 'guardian' },
      studentIds: 'student-1',
    },
    'parent-3': {
      ...{ sisId: 'no-parent-3', sourceKey: 'parent-3', givenName: 'Rosa', familyName: 'Whitlock' },
      ...{ email: 'parent-3@example.org', phone: '+15035551303', username: 'rosa.whitlock', relationship: 'parent' },
      studentIds: 'student-3',
    },
  }),
  remove: (roster, key) => {
    // Her child names her: without that, what is left over of her would be a child alone.
    setCell(roster, 'users', `student-${key.at(-1)}`, 'agentSourcedIds', '')
    return dropRows(roster, filesOfPeople, key)
  },
  withdraw: (roster, key) => withdraw(roster, 'users', key),
  refuse: (roster, key) => makeTooWide(roster, 'users', key),
  // Said by the child alone: of the guardian's own row nothing changes.
  change: (roster) => setCell(roster, 'users', 'student-4', 'agentSourcedIds', 'parent-4,parent-3'),
  changed: { key: 'parent-3', field: 'studentIds', before: 'student-3', after: 'student-3;student-4' },
  lost: { dataType: 'students', key: 'student-3', records: ['parent-3'] },
  absence: {
    key: 'parent-2',
    ways: [
      ...waysOf('users'),
      ...waysOf('roles', ['1.2']),
      {
        name: 'users.csv has the row, shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(roster, 'users', 'parent-2').members(),
      },
      {
        name: 'users.csv has the row, refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'users', 'parent-2').members(),
      },
      {
        name: 'roles.csv has the row, refused',
        versions: ['1.2'],
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'roles', 'role-of-parent-2').members(),
      },
      {
        name: 'the row names no child any more, and no child names it',
        isThere: true,
        spoil: (roster) => {
          setCell(roster, 'users', 'student-2', 'agentSourcedIds', '')
          return setCell(roster, 'users', 'parent-2', 'agentSourcedIds', '').members()
        },
      },
    ],
  },
}
