import type { SourceRecord } from '../../connector.ts'
import type { RowView } from '../../../domain/import-rules/row-view.ts'
import type { Column, FileDefinition } from '../../../domain/one-roster/column.ts'
import { repairValue } from '../../../domain/one-roster/repair-value.ts'
import { readCell } from './cell-text.ts'
import { RowDigest } from './row-digest.ts'

const blankRow: RowView = {
  bytes: new Uint8Array(),
  starts: new Int32Array(),
  ends: new Int32Array(),
  marks: new Uint16Array(),
  width: 0,
  line: 0,
  text: () => '',
}

/** One row of users.csv or demographics.csv seen as a part of a student; the same object for every row of a file. */
export class StudentRecord implements SourceRecord {
  readonly collection: string
  readonly fileName: string
  readonly #cells: readonly number[]
  readonly #positions: ReadonlyMap<string, number>
  readonly #keyCell: number
  readonly #definitions: ReadonlyMap<string, Column>
  readonly #digest = new RowDigest()
  #row = blankRow
  #school = ''
  presence: SourceRecord['presence'] = 'active'

  /** `columns`: what the digest covers and `value` is asked for; `positions`: where the file has its columns. */
  constructor(
    collection: string,
    columns: readonly string[],
    positions: ReadonlyMap<string, number>,
    definition: FileDefinition | undefined,
  ) {
    this.collection = collection
    this.#definitions = new Map(definition?.columns.map((column) => [column.name, column]))
    this.fileName = `${collection}.csv`
    this.#positions = positions
    this.#keyCell = positions.get('sourcedId') ?? -1
    const computed = columns.includes('federatedId') ? ['userIds'] : []
    const read = new Set(['sourcedId', ...columns, ...computed])
    this.#cells = [...read].filter((column) => positions.has(column)).map((column) => positions.get(column) ?? -1)
  }

  /** Takes the next row. `school` is the key of the school the student belongs to, '' outside users.csv. */
  show(row: RowView, presence: SourceRecord['presence'], school: string): this {
    this.#row = row
    this.#school = school
    this.presence = presence
    if (presence === 'active') this.#digest.of(row, this.#cells, school)
    return this
  }

  get line(): number {
    return this.#row.line
  }

  get digestHi(): number {
    return this.#digest.hi
  }

  get digestLo(): number {
    return this.#digest.lo
  }

  key(): string {
    return readCell(this.#row, this.#keyCell)
  }

  value(column: string): string {
    if (column === 'school') return this.#school
    if (column === 'federatedId') return firstUserId(this.#text('userIds'))
    return this.#text(column)
  }

  /** As the warnings about it promise: in the standard's spelling, without empty items. */
  #text(column: string): string {
    const text = readCell(this.#row, this.#positions.get(column) ?? -1)
    return text === '' ? '' : repairValue(this.#definitions.get(column), text)
  }
}

/** The first item of `{type:id},{type:id}` as `type:id` (contract.md); an item without braces is of type "unknown". */
export function firstUserId(userIds: string): string {
  if (userIds === '') return ''
  const braced = /^\s*\{([^{}]*)\}/.exec(userIds)
  if (braced?.[1] !== undefined) {
    const [type, ...id] = braced[1].split(':')
    return `${(type ?? '').trim()}:${id.join(':').trim()}`
  }
  const bare = (userIds.split(',')[0] ?? '').trim()
  return bare === '' ? '' : `unknown:${bare}`
}
