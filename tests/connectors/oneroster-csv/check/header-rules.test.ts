import { testRuleCases } from '../../../fixtures/rule-cases.ts'
import type { RuleCase } from '../../../fixtures/rule-cases.ts'
import type { RosterPackage } from '../../../fixtures/roster-package.ts'

function renameColumn(roster: RosterPackage, file: string, from: string, to: string): void {
  const header = roster.header(file)
  header[header.indexOf(from)] = to
}

const blocked = (...rules: string[]) => rules.map((rule) => `${rule} block`)
const warned = (...rules: string[]) => rules.map((rule) => `${rule} warning`)

const cases: readonly RuleCase[] = [
  {
    name: 'H-01: a file without a header',
    change: (roster) => roster.rewrite('courseResources', (text) => text.slice(text.indexOf('\n') + 1)),
    strict: blocked('H-01'),
    default: blocked('H-01'),
  },
  {
    name: 'H-01: an empty file',
    change: (roster) => roster.rewrite('courseResources', () => ''),
    strict: blocked('H-01'),
    default: blocked('H-01'),
  },
  {
    name: 'H-02: a missing column whose value is required',
    change: (roster) => roster.dropColumn('categories', 'title'),
    strict: blocked('H-02'),
    default: blocked('H-02'),
  },
  {
    name: 'H-02: a missing column whose value is optional',
    change: (roster) => roster.dropColumn('results', 'comment'),
    strict: blocked('H-02'),
    default: warned('H-02'),
  },
  {
    name: 'H-02: a missing life-cycle column of a delta file',
    change: (roster) => roster.dropColumn('results', 'status'),
    mode: 'delta',
    strict: blocked('H-02'),
    default: blocked('H-02'),
  },
  {
    name: 'H-03: a column name in another case',
    change: (roster) => {
      renameColumn(roster, 'results', 'comment', 'Comment')
    },
    strict: blocked('H-03'),
    default: warned('H-03'),
  },
  {
    name: 'H-04: columns in another order',
    change: (roster) => roster.dropColumn('courses', 'grades').addColumn('courses', 'grades', '09'),
    strict: blocked('H-04'),
    default: warned('H-04'),
  },
  {
    name: 'H-05: a blank header over an empty column',
    change: (roster) => roster.addColumn('results', '', ''),
    strict: blocked('H-05'),
    default: warned('H-05'),
  },
  {
    name: 'H-05: a blank header over values, and two of them are no repetition',
    change: (roster) => roster.addColumn('results', '', 'x').addColumn('results', ' ', 'y'),
    strict: blocked('H-05', 'H-05'),
    default: blocked('H-05', 'H-05'),
  },
  {
    name: 'H-06: a repeated column',
    change: (roster) => roster.addColumn('results', 'comment', ''),
    strict: blocked('H-04', 'H-06'),
    default: ['H-04 warning', 'H-06 block'],
    version: '1.2',
  },
  {
    name: 'H-07: a column that the format does not know',
    change: (roster) => roster.addColumn('users', 'shoeSize', ' 42'),
    strict: blocked('H-07'),
    default: warned('H-07'),
  },
  {
    name: 'H-08: a metadata column before a standard one',
    change: (roster) => roster.addColumn('users', 'metadata.locker', '12', 4),
    strict: blocked('H-08'),
    default: warned('H-08'),
  },
  {
    name: 'H-09: metadata without a name',
    change: (roster) => roster.addColumn('users', 'metadata.', '12'),
    strict: blocked('H-09'),
    default: warned('H-09'),
  },
  {
    name: 'H-10: blanks round a column name',
    change: (roster) => {
      renameColumn(roster, 'results', 'comment', ' comment')
    },
    strict: blocked('H-10'),
    default: warned('H-10'),
  },
  {
    name: 'H-10: the name of a database table before a column name',
    change: (roster) => {
      renameColumn(roster, 'results', 'comment', 'CC.comment')
    },
    strict: blocked('H-02', 'H-10'),
    default: warned('H-02', 'H-10'),
  },
  {
    name: 'nothing in metadata columns after the standard ones',
    change: (roster) => roster.addColumn('users', 'metadata.locker', '12').addColumn('orgs', 'metadata.city', 'Acme'),
    strict: [],
    default: [],
  },
]

testRuleCases('a header', cases)
