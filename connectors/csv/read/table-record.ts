import { Hash64 } from '../../../domain/hash64.ts'
import type { SourceRecord } from '../../connector.ts'
import type { TableRow } from './parse-rows.ts'

/** A row of the table as a record; the same object for every one. */
export class TableRecord implements SourceRecord {
  readonly collection: string
  readonly fileName: string
  readonly #places: ReadonlyMap<string, number>
  readonly #hash = new Hash64()
  #cells: readonly string[] = []
  #key = ''
  line = 0
  presence: SourceRecord['presence'] = 'active'

  constructor(collection: string, fileName: string, places: ReadonlyMap<string, number>) {
    this.collection = collection
    this.fileName = fileName
    this.#places = places
  }

  show({ line, cells }: TableRow, key: string, presence: SourceRecord['presence']): this {
    this.line = line
    this.presence = presence
    this.#cells = cells
    this.#key = key
    this.#hash.reset().text(key).separator()
    for (const column of this.#places.keys()) this.#hash.text(this.value(column)).separator()
    this.#hash.finish()
    return this
  }

  get digestHi(): number {
    return this.#hash.hi
  }

  get digestLo(): number {
    return this.#hash.lo
  }

  modifiedAt(): string {
    return ''
  }

  key(): string {
    return this.#key
  }

  value(column: string): string {
    const place = this.#places.get(column)
    return place === undefined ? '' : (this.#cells[place] ?? '')
  }
}
