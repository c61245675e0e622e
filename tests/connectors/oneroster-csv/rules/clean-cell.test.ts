import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CsvReader } from '../../../../connectors/kit/csv/csv-reader.ts'
import { buildCleanTest, isCleanCell } from '../../../../connectors/oneroster-csv/rules/clean/clean-cell.ts'
import { buildCheckedCell } from '../../../../connectors/oneroster-csv/rules/cell-rule.ts'
import type { CellPlace } from '../../../../connectors/oneroster-csv/rules/cell-rule.ts'
import { csvCellRules } from '../../../../connectors/oneroster-csv/rules/csv/cell-rules.ts'
import { valueCellRules } from '../../../../connectors/oneroster-csv/rules/value/value-rules.ts'
import { findFileDefinition, listDataFiles } from '../../../../connectors/kit/one-roster/format/files.ts'
import type { FileMode, OneRosterVersion } from '../../../../connectors/kit/one-roster/format/column.ts'

const rules = [...csvCellRules, ...valueCellRules]

function listPlaces(): CellPlace[] {
  const places: CellPlace[] = []
  for (const version of ['1.1', '1.2'] satisfies OneRosterVersion[]) {
    for (const mode of ['bulk', 'delta'] satisfies FileMode[]) {
      for (const file of listDataFiles(version)) {
        for (const column of findFileDefinition(version, file)?.columns ?? []) {
          places.push({ file, mode, version, columnName: column.name, column })
        }
        places.push({ file, mode, version, columnName: 'metadata.shelf', column: undefined })
      }
    }
  }
  return places
}

const places = listPlaces()

/** Pieces of which clean and nearly clean values of every type are made. */
const piece = fc.constantFrom(
  ...['true', 'false', 'TRUE', 'student', 'Student', 'ext:x', 'active', 'inactive', 'school', '09', '9', 'KG', 'Other'],
  ...['2024-02-29', '2023-02-29', '2024-13-01', '2024-05-17T08:30:00.000Z', 'T24:00:00.000Z', '2025', '-', '.', 'E+12'],
  ...[
    '1',
    '0',
    '42',
    '12345',
    '{a:b}',
    '{a:}',
    '{',
    '}',
    ':',
    ',',
    ' ',
    '\t',
    '\n',
    '\r',
    '\u0000',
    '\u00a0',
    '\u0085',
  ],
  ...[
    '\ufffd',
    '\ufeff',
    '\u3000',
    'é',
    '’',
    '@',
    'a@b.c',
    '+1',
    '+1503555',
    '#',
    '#N/A',
    '=',
    '/',
    '\\',
    '<',
    '"',
    "'",
  ],
  ...['A', 'b', 'x'.repeat(60), '_', 'urn:uuid:', 'fully graded'],
)
const value = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))

function isPassedOver(place: CellPlace, text: string): boolean {
  let isPassed = false
  const reader = new CsvReader({
    row(row) {
      const [start = 0] = row.starts
      const [end = 0] = row.ends
      const [marks = 0] = row.marks
      isPassed = start < end && isCleanCell(buildCleanTest(place), row.bytes, start, end, marks)
    },
    fault: () => undefined,
  })
  reader.push(Buffer.from(`header\n`))
  reader.push(Buffer.from(`"${text.replaceAll('"', '""')}"`))
  reader.end()
  return isPassed
}

function listComplaints(place: CellPlace, text: string): string[] {
  const cell = buildCheckedCell(place, text)
  return rules.filter((rule) => rule.concerns(place) && rule.check(cell) !== undefined).map(({ id }) => id)
}

describe('the quick look at a cell', () => {
  it('passes over no cell in which a rule would find something', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), value, (place, text) => {
        if (isPassedOver(place, text)) assert.deepEqual(listComplaints(place, text), [])
      }),
      { numRuns: 30_000 },
    )
  })

  it('passes over what well-made packages are full of', () => {
    const clean: [string, string, string][] = [
      ['users', 'sourcedId', '4bf46ec5-2420-000000000000'],
      ['users', 'orgSourcedIds', 'school-1,school-2'],
      ['users', 'enabledUser', 'true'],
      ['users', 'role', 'student'],
      ['users', 'username', 'ada.lovelace'],
      ['users', 'userIds', '{LDAP:12},{Fed:a:b}'],
      ['users', 'givenName', 'Zoë Ann'],
      ['users', 'email', 'ada@students.example.org'],
      ['users', 'phone', '+15035550100'],
      ['users', 'grades', '09,10'],
      ['courses', 'subjects', 'Science,Earth Science'],
      ['academicSessions', 'startDate', '2025-08-25'],
      ['academicSessions', 'schoolYear', '2026'],
      ['results', 'score', '92.5'],
    ]
    for (const [file, columnName, text] of clean) {
      const place = places.find((at) => at.file === file && at.columnName === columnName)
      assert.ok(place)
      assert.ok(isPassedOver(place, text), `${file}.${columnName}`)
    }
  })
})
