import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { CsvReader } from '../../../../connectors/kit/csv/csv-reader.ts'
import type { CsvFault } from '../../../../connectors/kit/csv/csv-fault.ts'
import type { RowView } from '../../../../connectors/kit/csv/row-view.ts'

function read(bytes: Buffer, blockBytes: number): { rows: string[][]; faults: CsvFault[] } {
  const rows: string[][] = []
  const faults: CsvFault[] = []
  const row = (row: RowView) => rows.push(Array.from({ length: row.width }, (_, cell) => row.text(cell)))
  const reader = new CsvReader({ row, fault: (fault) => faults.push(fault) })
  for (let at = 0; at < bytes.length; at += blockBytes) reader.push(bytes.subarray(at, at + blockBytes))
  reader.end()
  return { rows, faults }
}

/** What csv-parse makes of it; undefined when it refuses. */
function parseElsewhere(bytes: Buffer): string[][] | undefined {
  try {
    return parse(bytes, { bom: true, relax_column_count: true, record_delimiter: ['\r\n', '\n'] })
  } catch {
    return undefined
  }
}

const soup = fc
  .array(fc.constantFrom('a', 'b', '"', '""', '","', ',', '\n', '\r\n', ' ', 'é', '🙂', '\t', '1'), { maxLength: 60 })
  .map((parts) => Buffer.from(parts.join('')))

const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r', ' ', '0'), maxLength: 8 })
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 })

function write(rows: string[][], lineEnd: string, isAllQuoted: boolean): Buffer {
  const writeCell = (value: string) =>
    isAllQuoted || /[",\r\n]/.test(value) || value === '' ? `"${value.replaceAll('"', '""')}"` : value
  return Buffer.from(rows.map((cells) => cells.map(writeCell).join(',') + lineEnd).join(''))
}

describe('the CSV reader beside csv-parse', () => {
  it('refuses what csv-parse refuses and reads the rest alike, wherever blocks are cut', () => {
    fc.assert(
      fc.property(soup, fc.integer({ min: 1, max: 20 }), (bytes, blockBytes) => {
        const ours = read(bytes, blockBytes)
        const theirs = parseElsewhere(bytes)
        if (theirs === undefined) assert.notEqual(ours.faults.length, 0)
        else assert.deepEqual(ours, { rows: theirs, faults: [] })
      }),
      { numRuns: 3000 },
    )
  })

  it('gives back every table that was written', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        (rows, lineEnd, isAllQuoted, blockBytes) => {
          assert.deepEqual(read(write(rows, lineEnd, isAllQuoted), blockBytes), { rows, faults: [] })
        },
      ),
      { numRuns: 1000 },
    )
  })
})
