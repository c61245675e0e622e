import { fieldImportRules } from '../../domain/import-rules/field-import-rules.ts'
import type { Severity, SeverityByProfile } from '../../domain/import-rules/finding.ts'
import { listById, type RuleEntry, type RuleScope } from '../../domain/import-rules/rule.ts'

/** What is wrong with a table of fields, or worth telling of it, before any record is looked at. */
export const rulesOfTables = {
  noTable: rule('T-01', 'file is empty, a spreadsheet or something else that is no text', 'block', 'file'),
  encoding: rule('T-02', 'text is not plain UTF-8: a byte order mark, UTF-16 or Windows-1252', 'info', 'file'),
  brokenText: rule('T-03', 'bytes are no text of the encoding that the file begins with', 'block', 'file'),
  lateHeader: rule('T-04', 'header is not in the first line', 'info', 'header'),
  noHeader: rule('T-05', 'column that the mapping names is missing, or no line has all of them', 'block', 'header'),
  repeatedColumn: rule('T-06', 'column that the mapping names is there twice', 'block', 'header'),
  quotes: rule('T-07', 'quote is not closed, not doubled or in the middle of a value', 'block', 'file'),
  ragged: rule('T-08', 'row has more or fewer cells than the header', 'block', 'row'),
  noRows: rule('T-09', 'no row below the header', 'block', 'file'),
  overLimit: rule('T-10', 'row, cell or number of rows is over the limit', 'block', 'file'),
  noId: rule('T-11', 'row has no id', 'error', 'row'),
  exponentId: rule('T-12', 'id is written as a power of ten (1.23E+10)', 'error', 'cell'),
  dateId: rule('T-13', 'id looks like a date', 'error', 'cell'),
  decimalId: rule('T-14', 'id ends in .0', 'error', 'cell'),
  groupedId: rule('T-15', 'id has separators of thousands', 'error', 'cell'),
  blanksInId: rule('T-16', 'id has blanks, no-break spaces or invisible characters', 'error', 'cell'),
  shortId: rule(
    'T-17',
    'id has fewer digits than those that we hold: zeros at its beginning were lost',
    'error',
    'cell',
  ),
  repeatedId: rule('T-18', 'id is in the file several times', 'error', 'row', 'warning'),
  errorValue: rule('T-19', 'value is the error of a formula (#N/A)', 'error', 'cell'),
} as const satisfies Readonly<Record<string, RuleEntry>>

/** The rules of a table, by id, with those that need the records held. */
export const tableRules: readonly RuleEntry[] = listById([
  ...Object.values(rulesOfTables),
  ...Object.values(fieldImportRules),
])

function rule(id: string, title: string, severity: Severity, appliesTo: RuleScope, lesser?: Severity): RuleEntry {
  const inBoth = (one: Severity): SeverityByProfile => ({ strict: one, default: one })
  const entry = { id, title, severity: inBoth(severity), appliesTo }
  return lesser === undefined ? entry : { ...entry, lesserSeverity: inBoth(lesser) }
}
