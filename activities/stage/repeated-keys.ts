import type { SourceRecord } from '../../connectors/connector.ts'
import type { NamelessFile } from '../../connectors/kit/keys/nameless-file.ts'
import { SeenRecords } from '../../connectors/kit/keys/seen-records.ts'

/**
 * Keys that come again in their collection, for a connector that does not look for them itself. Of two records that
 * contradict each other nobody knows which is right.
 */
export class RepeatedKeys {
  readonly #seen = new Map<string, SeenRecords>()
  readonly #contested = new Map<string, Set<string>>()
  readonly #file: NamelessFile | undefined

  constructor(file?: NamelessFile) {
    this.#file = file
  }

  /** `same` for a record that only repeats an earlier one, `other` for one that contradicts it. */
  see(record: Pick<SourceRecord, 'collection' | 'key' | 'line' | 'digestHi' | 'digestLo'>): 'new' | 'same' | 'other' {
    const { collection, digestHi, digestLo } = record
    const key = record.key()
    if (key === '') return 'new'
    const seen = this.#seen.get(collection) ?? new SeenRecords(this.#file)
    this.#seen.set(collection, seen)
    const which = seen.see(key, `${digestHi} ${digestLo}`, record.line)
    if (which === 'other') {
      const keys = this.#contested.get(collection) ?? new Set()
      this.#contested.set(collection, keys.add(key))
    }
    return which
  }

  /** As `contestedKeys` of a connector's report. */
  contestedIn(collection: string): readonly string[] {
    return [...(this.#contested.get(collection) ?? [])]
  }
}
