import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readTable } from './read-table.ts'
import { spreadsheets } from './spreadsheets.ts'

const cell = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9 éßñ€]{0,12}$/),
  fc.stringMatching(/^[a-c,;\t"\n]{1,8}$/),
  fc.constant(''),
)
const written = (text: string) => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const encodings: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  (text) => Buffer.from(text.replaceAll('€', '\x80'), 'latin1'),
]

describe('any table', () => {
  it('is read row by row, whatever it is written with and however it is cut', async () => {
    const tables = fc.record({
      cells: fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }),
      delimiter: fc.constantFrom(',', ';', '\t'),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      encode: fc.constantFrom(...encodings),
      titles: fc.nat(4),
      pieceBytes: fc.integer({ min: 1, max: 300 }),
    })
    await fc.assert(
      fc.asyncProperty(tables, async ({ cells, delimiter, lineEnd, encode, titles, pieceBytes }) => {
        const rows = [
          ...Array.from({ length: titles }, () => ['A title']),
          ['Note', 'Homeroom', 'Student ID'],
          ...cells.map(([note, room], at) => [note, room, String(20_000 + at)]),
        ]
        const content = encode(rows.map((row) => row.map(written).join(delimiter)).join(lineEnd))
        const read = await readTable(content, { pieceBytes })
        assert.deepEqual(
          read.findings.filter(({ severity }) => severity !== 'info'),
          [],
        )
        const expected = cells.map(([, room], at) => `${20_000 + at} ${room.replaceAll('\n', ' ').trim()}`)
        assert.deepEqual(read.taken, expected)
      }),
      { numRuns: 300 },
    )
  })

  it('that was damaged anywhere is taken or refused with a reason, and nothing else happens', async () => {
    const damage = fc.record({
      sheet: fc.constantFrom(...spreadsheets.map(({ content }) => content)),
      at: fc.nat(2000),
      bytes: fc.uint8Array({ minLength: 0, maxLength: 6 }),
      removed: fc.nat(6),
      pieceBytes: fc.integer({ min: 1, max: 64 }),
    })
    await fc.assert(
      fc.asyncProperty(damage, async ({ sheet, at, bytes, removed, pieceBytes }) => {
        const place = sheet.length === 0 ? 0 : at % sheet.length
        const content = Buffer.concat([sheet.subarray(0, place), bytes, sheet.subarray(place + removed)])
        const { report, findings, taken } = await readTable(content, { pieceBytes })
        assert.equal(report.isUsable, !findings.some(({ severity }) => severity === 'block'))
        assert.deepEqual((await readTable(content)).taken, taken, 'however it is cut')
        if (!report.isUsable) assert.equal(findings.at(-1)?.severity, 'block')
      }),
      { numRuns: 1500 },
    )
  })
})
