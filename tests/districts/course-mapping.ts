import type { RosterPackage } from '../fixtures/roster-package.ts'
import type { DataTypeFixture } from './define-fixture.ts'
import { shift, waysOf } from './shortfalls.ts'
import { countTo, dropRows, schoolOf, setCell } from './whole-roster.ts'

const courseOf = (key: string) => key.split('|')[0] ?? ''

/** Rows that are refused, and say which pair they are about. */
function refuse(roster: RosterPackage, key: string): RosterPackage {
  setCell(roster, 'courses', courseOf(key), 'title', '')
  return setCell(roster, 'classes', courseOf(key).replace('course', 'class'), 'title', '')
}

export const courseMapping: DataTypeFixture = {
  dataType: 'courseMapping',
  files: ['courses', 'classes'],
  keys: countTo(8).map((number) => `course-${number}|${schoolOf(number)}`),
  shown: () => ({
    'course-1|school-1': { courseId: 'BIO-1', schoolId: 'school-1' },
    'course-8|school-2': { courseId: 'BIO-8', schoolId: 'school-2' },
  }),
  // Both the course and its class say it.
  remove: (roster, key) => dropRows(roster, ['courses', 'classes'], courseOf(key)),
  // Of a class that is withdrawn there may be others of the same course: a delta does not say.
  refuse,
  // One pair is another one: nothing of a pair can change but that it comes back.
  change: (roster) => setCell(roster, 'classes', 'class-3', 'schoolSourcedId', 'school-2'),
  changed: { key: 'course-3|school-2', field: 'schoolId', before: '', after: 'school-2' },
  lost: { dataType: 'courseCatalog', key: 'course-3', records: ['course-3|school-1'] },
  absence: {
    key: 'course-2|school-1',
    ways: [
      ...waysOf('classes'),
      ...waysOf('courses'),
      {
        name: 'the rows of the course and of its class are shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(shift(roster, 'courses', 'course-2'), 'classes', 'class-2').members(),
      },
      {
        name: 'the rows of the course and of its class are refused',
        isThere: true,
        spoil: (roster) => refuse(roster, 'course-2|school-1').members(),
      },
    ],
  },
}
