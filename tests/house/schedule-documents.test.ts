import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alarmKinds } from '../../domain/schedule/alarm.ts'
import { firingOutcomes } from '../../domain/schedule/firing-outcome.ts'
import { parseMarkdownTables } from './markdown-tables.ts'

const page = await readFile(join(import.meta.dirname, '..', '..', 'docs/reference/schedules.md'), 'utf8')
const tables = parseMarkdownTables(page)
const plain = (cell: string | undefined) => cell?.replaceAll('`', '')

function rowsOf(column: string): (readonly [string | undefined, string | undefined])[] {
  const table = tables.find(({ rows }) => rows[0]?.[column] !== undefined)
  return (table?.rows ?? []).map((row) => [plain(row[column]), plain(row['Means'])] as const)
}

describe('docs/reference/schedules.md', () => {
  it('lists what may come of a start, and nothing else', () => {
    assert.deepEqual(rowsOf('Outcome'), Object.entries(firingOutcomes))
  })

  it('lists the alarms, and no others', () => {
    assert.deepEqual(rowsOf('Alarm'), Object.entries(alarmKinds))
  })
})
