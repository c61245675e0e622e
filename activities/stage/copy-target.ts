import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { itemMark, partNames, stagedKind, type PartName } from '../../db/staging/staged-parts.ts'
import type { StagingSession } from '../../db/staging/staging-session.ts'
import { CopyBlock } from './copy-block.ts'
import { addItemLine, addPrimaryLine, addSupplementLine } from './copy-lines.ts'
import type { GatheredItem, SeenSourceRow, StagedSourceRow, StagedValue, StagingTarget } from './staging-target.ts'

/** Bytes that are gathered before they go to PostgreSQL in one piece. */
const blockLength = 1 << 16

/** Feeds a staging session: one COPY after the other, whichever has enough to send. */
export class CopyTarget implements StagingTarget {
  readonly #session: StagingSession
  #open: { readonly name: PartName; readonly stream: Writable; readonly done: Promise<void> } | undefined
  readonly #blocks = { primary: new CopyBlock(), supplement: new CopyBlock(), gathered: new CopyBlock() }
  /** Lines whose row is to be taken back when all have been sent. */
  readonly droppedLines: number[] = []
  readonly #noValues: readonly StagedValue[]
  readonly #schoolAt: number
  readonly #activeKind: number

  /** `schoolField` is the field of the primary collection that says which school a record belongs to, if one does. `bringsFields`: no row is one. */
  constructor(session: StagingSession, schoolField: string | null, { bringsFields = false } = {}) {
    this.#session = session
    this.#activeKind = bringsFields ? stagedKind.fields : stagedKind.active
    this.#noValues = session.primaryColumns.map(() => null)
    this.#schoolAt = session.primaryColumns.findIndex(({ field }) => field === schoolField)
  }

  active(part: 'primary' | 'supplement', row: StagedSourceRow & { readonly values: readonly StagedValue[] }): void {
    if (part === 'primary') addPrimaryLine(this.#blocks.primary, this.#activeKind, row, row.values)
    else addSupplementLine(this.#blocks.supplement, row, row.values)
  }

  seen({ line, sourceKey, kind, school, modifiedAt }: SeenSourceRow): void {
    const row = { line, sourceKey, digest: null, customFields: null, modifiedAt }
    const values = school === null ? this.#noValues : this.#withSchool(school)
    addPrimaryLine(this.#blocks.primary, stagedKind[kind], row, values)
  }

  #withSchool(school: string): readonly StagedValue[] {
    const column = this.#session.primaryColumns[this.#schoolAt]
    if (column === undefined) return this.#noValues
    return this.#noValues.with(this.#schoolAt, column.type.endsWith('[]') ? [school] : school)
  }

  item({ line, sourceKey, field, value, mark }: GatheredItem): void {
    const at = this.#session.gatheredColumns.findIndex((column) => column.field === field)
    if (at >= 0) addItemLine(this.#blocks.gathered, line, sourceKey, at, value, itemMark[mark])
  }

  drop(line: number): void {
    this.droppedLines.push(line)
  }

  async drain(): Promise<void> {
    for (const name of partNames) if (this.#blocks[name].length >= blockLength) await this.#write(name)
  }

  /** Sends what is left and ends the COPY. */
  async end(): Promise<void> {
    for (const name of partNames) if (this.#blocks[name].length > 0) await this.#write(name)
    await this.#close()
  }

  async #write(name: PartName): Promise<void> {
    if (this.#open?.name !== name) await this.#openCopy(name)
    const stream = this.#open?.stream
    if (stream !== undefined && !stream.write(this.#blocks[name].take())) {
      await Promise.race([once(stream, 'drain'), this.#open?.done])
    }
  }

  async #openCopy(name: PartName): Promise<void> {
    await this.#close()
    const stream = this.#openStream(name)
    const done = finished(stream)
    // Seen by whoever awaits it; without this a failure between two writes would end the process.
    done.catch(() => undefined)
    this.#open = { name, stream, done }
  }

  #openStream(name: PartName): Writable {
    switch (name) {
      case 'primary':
        return this.#session.openPrimaryCopy()
      case 'supplement':
        return this.#session.openSupplementCopy()
      case 'gathered':
        return this.#session.openGatheredCopy()
    }
  }

  async #close(): Promise<void> {
    if (this.#open === undefined) return
    this.#open.stream.end()
    await this.#open.done
    this.#open = undefined
  }
}
