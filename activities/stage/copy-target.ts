import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { stagedKind } from '../../db/staging/staged-parts.ts'
import type { StagingSession } from '../../db/staging/staging-session.ts'
import { CopyBlock } from './copy-block.ts'
import { addPrimaryLine, addSupplementLine } from './copy-lines.ts'
import type { SeenSourceRow, StagedSourceRow, StagedValue, StagingTarget } from './stage-pass.ts'

type CopyName = 'primary' | 'supplement'

/** Bytes that are gathered before they go to PostgreSQL in one piece. */
const blockLength = 1 << 16

/**
 * Feeds a staging session: one COPY after the other, the primary collection's first, as the input gives them. Rows of a
 * collection that is not the primary one go to the supplement.
 */
export class CopyTarget implements StagingTarget {
  readonly #session: StagingSession
  readonly #primary: string
  #open: { readonly name: CopyName; readonly stream: Writable; readonly done: Promise<void> } | undefined
  /** In the order of the input; only the last one grows. */
  #waiting: { readonly name: CopyName; readonly block: CopyBlock }[] = []
  /** Lines whose row is to be taken back when all have been sent. */
  readonly droppedLines: number[] = []
  readonly #noValues: readonly StagedValue[]
  readonly #schoolAt: number

  /** `schoolField` is the field of the primary collection that says which school a record belongs to, if one does. */
  constructor(session: StagingSession, primary: string, schoolField: string | undefined) {
    this.#session = session
    this.#primary = primary
    this.#noValues = session.primaryColumns.map(() => null)
    this.#schoolAt = session.primaryColumns.findIndex(({ field }) => field === schoolField)
  }

  active(collection: string, row: StagedSourceRow & { readonly values: readonly StagedValue[] }): void {
    if (collection === this.#primary) addPrimaryLine(this.#blockOf('primary'), stagedKind.active, row, row.values)
    else addSupplementLine(this.#blockOf('supplement'), row, row.values)
  }

  seen({ line, sourceKey, kind, school, modifiedAt }: SeenSourceRow): void {
    const row = { line, sourceKey, digest: null, customFields: null, modifiedAt }
    const values = school === null || this.#schoolAt < 0 ? this.#noValues : this.#noValues.with(this.#schoolAt, school)
    addPrimaryLine(this.#blockOf('primary'), stagedKind[kind], row, values)
  }

  drop(line: number): void {
    this.droppedLines.push(line)
  }

  async drain(): Promise<void> {
    const last = this.#waiting.at(-1)
    if (last !== undefined && (last.block.length >= blockLength || this.#waiting.length > 1)) await this.#write()
  }

  /** Sends what is left and ends the COPY. */
  async end(): Promise<void> {
    await this.#write()
    await this.#close()
  }

  #blockOf(name: CopyName): CopyBlock {
    const last = this.#waiting.at(-1)
    if (last?.name === name) return last.block
    const block = new CopyBlock()
    this.#waiting.push({ name, block })
    return block
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = waiting.slice(-1)
    for (const { name, block } of waiting) {
      if (block.length === 0) continue
      if (this.#open?.name !== name) await this.#openCopy(name)
      const stream = this.#open?.stream
      if (stream !== undefined && !stream.write(block.take())) {
        await Promise.race([once(stream, 'drain'), this.#open?.done])
      }
    }
  }

  async #openCopy(name: CopyName): Promise<void> {
    await this.#close()
    const stream = name === 'primary' ? this.#session.openPrimaryCopy() : this.#session.openSupplementCopy()
    const done = finished(stream)
    // Seen by whoever awaits it; without this a failure between two writes would end the process.
    done.catch(() => undefined)
    this.#open = { name, stream, done }
  }

  async #close(): Promise<void> {
    if (this.#open === undefined) return
    this.#open.stream.end()
    await this.#open.done
    this.#open = undefined
  }
}
