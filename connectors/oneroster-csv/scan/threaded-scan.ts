import { Worker } from 'node:worker_threads'
import type { ScanOrder } from './file-scan.ts'
import { createBatchArrays, type BatchArrays, type RowBatch } from './row-batch.ts'
import type { ScanAnswer, ScanRequest } from './scan-thread.ts'

/** Blocks under way: enough that neither thread waits for the other, few enough to weigh nothing. */
const blocksAhead = 4
/** The batch that is being read has its slot too. */
const slotCount = blocksAhead + 1

/**
 * A thread of its own that scans files ahead of the checks, one file after the other, so that a large import uses two
 * cores. `close` it.
 */
export class ThreadedScan {
  readonly #worker = new Worker(new URL('./scan-thread.ts', import.meta.url))
  readonly #answers: ScanAnswer[] = []
  readonly #blocks: (SharedArrayBuffer | undefined)[] = []
  readonly #arrays: BatchArrays[] = []
  #failure: Error | undefined
  #wake: (() => void) | undefined

  constructor() {
    this.#worker.on('message', (answer: ScanAnswer) => {
      this.#answers.push(answer)
      this.#wake?.()
    })
    this.#worker.on('error', (error) => {
      this.#fail(error instanceof Error ? error : new Error('the scanning thread failed', { cause: error }))
    })
    this.#worker.on('exit', () => {
      this.#fail(new Error('the scanning thread ended'))
    })
  }

  /**
   * The rows of a file, a batch for each of its blocks and one for its end; valid until the next is asked for. What
   * `blocks` throws is thrown when all that came before it has been given.
   */
  async *scan(blocks: AsyncIterable<Buffer>, order: ScanOrder): AsyncGenerator<{ batch: RowBatch; bytes: number }> {
    this.#post({ kind: 'begin', order })
    const source = blocks[Symbol.asyncIterator]()
    const underWay: { readonly slot: number; readonly bytes: number }[] = []
    let last: Exclude<Next, { kind: 'block' }> | undefined
    let slot = 0
    try {
      for (;;) {
        while (last === undefined && underWay.length < blocksAhead) {
          const next = await readNext(source)
          if (next.kind === 'block') this.#postBlock(slot, next.block)
          else last = next
          // A file that breaks off has no end: what that would say of an unfinished row would be wrong.
          if (next.kind === 'failure') break
          if (next.kind === 'end') this.#post({ kind: 'end', slot })
          underWay.push({ slot, bytes: next.kind === 'block' ? next.block.length : 0 })
          slot = (slot + 1) % slotCount
        }
        const first = underWay.shift()
        if (first === undefined) break
        yield { batch: await this.#takeBatch(first.slot), bytes: first.bytes }
      }
    } finally {
      await source.return?.()
      // Whoever stops early leaves answers behind that are no part of the next file.
      for (const { slot: left } of underWay) await this.#takeBatch(left)
    }
    if (last?.kind === 'failure') throw last.error
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #postBlock(slot: number, block: Buffer): void {
    const known = this.#blocks[slot]
    const memory = known === undefined || known.byteLength < block.length ? new SharedArrayBuffer(block.length) : known
    new Uint8Array(memory).set(block)
    this.#blocks[slot] = memory
    this.#post({ kind: 'block', slot, length: block.length, memory: memory === known ? undefined : memory })
  }

  #post(request: ScanRequest): void {
    if (this.#failure !== undefined) throw this.#failure
    this.#worker.postMessage(request)
  }

  async #takeBatch(slot: number): Promise<RowBatch> {
    for (;;) {
      const answer = this.#answers.shift()
      if (answer !== undefined) {
        const arrays = answer.arrays ?? this.#arrays[slot] ?? createBatchArrays()
        this.#arrays[slot] = arrays
        return { arrays, rowCount: answer.rowCount, faults: answer.faults }
      }
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#wake?.()
  }
}

type Next =
  | { readonly kind: 'block'; readonly block: Buffer }
  | { readonly kind: 'end' }
  | { readonly kind: 'failure'; readonly error: unknown }

async function readNext(source: AsyncIterator<Buffer>): Promise<Next> {
  try {
    const next = await source.next()
    return next.done === true ? { kind: 'end' } : { kind: 'block', block: next.value }
  } catch (error) {
    return { kind: 'failure', error }
  }
}
