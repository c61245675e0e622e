import { parentPort } from 'node:worker_threads'
import { FileScan, type ScanOrder } from './file-scan.ts'
import { createBatchArrays, type BatchArrays, type RowBatch } from './row-batch.ts'

/**
 * What the thread is told: a file begins, a block of it, its end. Blocks and batches lie in numbered slots of shared
 * memory, so that messages carry numbers; `memory` comes along when a slot has got another piece of it.
 */
export type ScanRequest =
  | { readonly kind: 'begin'; readonly order: ScanOrder }
  | {
      readonly kind: 'block'
      readonly slot: number
      readonly length: number
      readonly memory: SharedArrayBuffer | undefined
    }
  | { readonly kind: 'end'; readonly slot: number }

/** One for each block and each end, in their order. `arrays` when the slot has got others. */
export type ScanAnswer = Omit<RowBatch, 'arrays'> & { readonly arrays: BatchArrays | undefined }

const blocks: SharedArrayBuffer[] = []
const arraysOf: BatchArrays[] = []
let scan: FileScan | undefined

function answer(request: ScanRequest): void {
  if (request.kind === 'begin') {
    scan = new FileScan(request.order)
    return
  }
  if (scan === undefined) throw new Error('a file begins before its blocks')
  const { slot } = request
  if (request.kind === 'block' && request.memory !== undefined) blocks[slot] = request.memory
  const known = arraysOf[slot] ?? createBatchArrays()
  const block = request.kind === 'block' ? blocks[slot] : undefined
  const { arrays, rowCount, faults } =
    request.kind === 'block' && block !== undefined
      ? scan.scan(new Uint8Array(block, 0, request.length), known)
      : scan.end(known)
  arraysOf[slot] = arrays
  const answered: ScanAnswer = { rowCount, faults, arrays: arrays === known ? undefined : arrays }
  parentPort?.postMessage(answered)
}

parentPort?.on('message', answer)
