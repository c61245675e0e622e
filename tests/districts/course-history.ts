import type { DataTypeFixture } from './define-fixture.ts'
import { makeTooWide, shift, waysOf, waysOfNeighbour } from './shortfalls.ts'
import { countTo, dropRows, setCell, withdraw } from './whole-roster.ts'

const taken = { gradeLevel: '09', creditsAttempted: '1.0', creditsEarned: '0.5', score: '8.5', status: 'completed' }

export const courseHistory: DataTypeFixture = {
  dataType: 'courseHistory',
  files: ['results', 'lineItems'],
  keys: countTo(8).map((number) => `result-${number}`),
  shown: (version) => {
    // OneRoster 1.1 has no place for a letter.
    const letter = { letterGrade: version === '1.2' ? 'B' : '' }
    return {
      'result-1': {
        ...{ ...taken, ...letter, studentId: 'student-1', courseId: 'BIO-1', courseName: 'Biology 1', term: 'Fall' },
        ...{ sectionId: 'class-1', schoolId: 'school-1', academicYear: '2026' },
      },
      'result-8': {
        ...{ ...taken, ...letter, studentId: 'student-8', courseId: 'BIO-8', courseName: 'Biology 8' },
        ...{ term: 'Next fall', sectionId: 'class-8', schoolId: 'school-2', academicYear: '2027' },
      },
    }
  },
  remove: (roster, key) => dropRows(roster, ['results'], key),
  withdraw: (roster, key) => withdraw(roster, 'results', key),
  refuse: (roster, key) => makeTooWide(roster, 'results', key),
  change: (roster) => setCell(roster, 'results', 'result-3', 'metadata.creditsEarned', '0.75'),
  changed: { key: 'result-3', field: 'creditsEarned', before: '0.5', after: '0.75' },
  lost: { dataType: 'students', key: 'student-3', records: ['result-3'] },
  absence: {
    key: 'result-4',
    ways: [
      ...waysOf('results'),
      ...waysOfNeighbour('lineItems'),
      ...waysOfNeighbour('classes'),
      {
        name: 'results.csv has the row, shifted by a comma',
        isThere: true,
        spoil: (roster) => shift(roster, 'results', 'result-4').members(),
      },
      {
        name: 'results.csv has the row, refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'results', 'result-4').members(),
      },
      {
        name: 'the row of its line item is refused',
        isThere: true,
        spoil: (roster) => makeTooWide(roster, 'lineItems', 'item-4').members(),
      },
      {
        name: 'results.csv has no credits any more',
        isThere: true,
        spoil: (roster) => roster.dropColumn('results', 'metadata.creditsEarned').members(),
      },
    ],
  },
}
