import type { SourceOrg, SourceRecord } from '../../connectors/connector.ts'
import { isWholeText } from '../../domain/control-characters.ts'
import { normalizeText } from '../../domain/normalize-text.ts'

/**
 * The record of a connector that has no rules on text of its own, with each text as it is kept; the same object for
 * every record.
 */
export class NormalRecord implements SourceRecord {
  /** Whether a value was read since this was set to false that held what is no character. */
  isBroken = false
  #record: SourceRecord | undefined

  show(record: SourceRecord): this {
    this.#record = record
    this.isBroken = false
    return this
  }

  get collection(): string {
    return this.#shown.collection
  }

  get fileName(): string {
    return this.#shown.fileName
  }

  get line(): number {
    return this.#shown.line
  }

  get presence(): SourceRecord['presence'] {
    return this.#shown.presence
  }

  get digestHi(): number {
    return this.#shown.digestHi
  }

  get digestLo(): number {
    return this.#shown.digestLo
  }

  modifiedAt(): string {
    return this.#shown.modifiedAt()
  }

  key(): string {
    return this.#read(this.#shown.key())
  }

  value(column: string): string {
    return this.#read(this.#shown.value(column))
  }

  get #shown(): SourceRecord {
    if (this.#record === undefined) throw new Error('no record is shown yet')
    return this.#record
  }

  #read(text: string): string {
    if (!isWholeText(text)) this.isBroken = true
    return normalizeText(text)
  }
}

export function normalizeOrg({ sourceKey, name, type, identifier, parentSourceKey, isActive }: SourceOrg): SourceOrg {
  return {
    sourceKey: normalizeText(sourceKey),
    name: normalizeText(name),
    type: normalizeText(type),
    identifier: normalizeText(identifier),
    parentSourceKey: normalizeText(parentSourceKey),
    isActive,
  }
}
