import type { DataTypeFixture } from './define-fixture.ts'
import { addTooWide, makeTooWide, shift, waysOf } from './shortfalls.ts'
import { countTo, dropRows, filesOfPeople, giveBackRole, setCell, withdraw } from './whole-roster.ts'

export const students: DataTypeFixture = {
  dataType: 'students',
  files: ['users', 'demographics'],
  keys: countTo(8).map((number) => `student-${number}`),
  shown: () => ({
    'student-1': {
      ...{ sisId: 'no-student-1', sourceKey: 'student-1', username: 'ada.quill', federatedId: 'Fed:ada.quill' },
      ...{ givenName: 'Ada', familyName: 'Quill', birthDate: '2010-05-17', sex: 'female', race: 'asian' },
      ...{ email: 'student-1@example.org', phone: '+15035551101', schoolId: 'school-1', gradeLevel: '09' },
      ...{ classYear: '2029', enrollmentStatus: 'active' },
    },
    'student-8': {
      ...{ sisId: 'no-student-8', sourceKey: 'student-8', username: 'hugo.zeller', federatedId: 'Fed:hugo.zeller' },
      ...{ givenName: 'Hugo', familyName: 'Zeller', birthDate: '2010-03-18', sex: 'female', race: 'asian' },
      ...{ email: 'student-8@example.org', phone: '+15035551108', schoolId: 'school-2', gradeLevel: '09' },
      ...{ classYear: '2029', enrollmentStatus: 'active' },
    },
  }),
  remove: (roster, key) => dropRows(roster, filesOfPeople, key),
  withdraw: (roster, key) => withdraw(roster, 'users', key),
  refuse: (roster, key) => makeTooWide(roster, 'users', key),
  change: (roster) => setCell(roster, 'users', 'student-3', 'givenName', 'Corinna'),
  changed: { key: 'student-3', field: 'givenName', before: 'Cora', after: 'Corinna' },
  blank: { field: 'gradeLevel', leave: (roster) => setCell(roster, 'users', 'student-3', 'grades', '') },
  absence: {
    key: 'student-2',
    ways: [
      ...waysOf('users'),
      ...waysOf('roles', ['1.2']),
      {
        name: 'users.csv has her row, shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(roster, 'users', 'student-2').members(),
      },
      {
        name: 'users.csv has her row, refused',
        spoil: (roster) => addTooWide(giveBackRole(roster, 'student-2'), 'users', ['student-2']).members(),
      },
      {
        name: 'users.csv has her row without a name',
        isThere: true,
        spoil: (roster) => setCell(roster, 'users', 'student-2', 'givenName', '').members(),
      },
      {
        name: 'roles.csv has her row, refused',
        versions: ['1.2'],
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'roles', 'role-of-student-2').members(),
      },
      {
        name: 'orgs.csv has no school',
        spoil: (roster) => {
          roster.rows('orgs').splice(1)
          return roster.members()
        },
      },
      { name: 'orgs.csv is empty', spoil: (roster) => roster.clear('orgs').members() },
      {
        name: 'nobody in users.csv is a student',
        spoil: (roster) => {
          for (const number of countTo(8)) dropRows(roster, filesOfPeople, `student-${number}`)
          return roster.members()
        },
      },
    ],
  },
}
