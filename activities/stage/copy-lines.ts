import { withoutNul } from '../../domain/control-characters.ts'
import type { CopyBlock } from './copy-block.ts'
import type { StagedSourceRow, StagedValue } from './staging-target.ts'

/** Adds the line of a row of the primary collection (db/staging/staging-session.ts). */
export function addPrimaryLine(
  block: CopyBlock,
  kind: number,
  row: StagedSourceRow,
  values: readonly StagedValue[],
): void {
  block.count(row.line)
  block.count(kind)
  if (row.sourceKey === '') block.noValue()
  else block.text(row.sourceKey)
  addRest(block, row, values)
}

/** The same for a row that adds fields to a record of the primary collection. */
export function addSupplementLine(block: CopyBlock, row: StagedSourceRow, values: readonly StagedValue[]): void {
  block.count(row.line)
  block.text(row.sourceKey)
  addRest(block, row, values)
}

/** One gathered item: of the record with this key, for the field at this place. */
export function addItemLine(
  block: CopyBlock,
  line: number,
  key: string,
  field: number,
  item: string,
  mark: number,
): void {
  block.count(line)
  block.text(key)
  block.count(field)
  block.text(item)
  block.count(mark)
  block.endLine()
}

function addRest(block: CopyBlock, row: StagedSourceRow, values: readonly StagedValue[]): void {
  if (row.digest === null) block.noValue()
  else block.text(row.digest)
  for (const value of values) {
    if (value === null) block.noValue()
    else block.text(typeof value === 'string' ? value : toArrayLiteral(value))
  }
  if (row.customFields === null) block.noValue()
  else block.text(JSON.stringify(row.customFields, withoutNuls))
  if (row.modifiedAt === null) block.noValue()
  else block.text(row.modifiedAt)
  block.endLine()
}

/** In JSON a NUL would become an escape, which jsonb refuses. */
function withoutNuls(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? withoutNul(value) : value
}

function toArrayLiteral(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
