import { setTimeout as sleep } from 'node:timers/promises'
import { RollbookFailure } from '../../../domain/errors.ts'
import type { FoundInput } from '../../connector.ts'
import { findDirectory } from '../zip/end-record.ts'
import { isSameInput, type DropPlace } from './drop-place.ts'

export type Patience = { readonly settleMs: number; readonly patienceMs: number }

/**
 * The newest package that is whole; undefined when there is none at all. Rule Z-14: one that is still being written is
 * waited for, and is whole when its size and time have not moved for `settleMs` and its ZIP ends as a ZIP does. After
 * `patienceMs` an older one is taken instead. The one fetched before needs no second look.
 *
 * Throws RollbookFailure SOURCE_UNAVAILABLE when packages are there and none is whole.
 */
export async function awaitWholePackage(
  place: DropPlace,
  known: FoundInput | undefined,
  { settleMs, patienceMs }: Patience,
  signal: AbortSignal,
): Promise<FoundInput | undefined> {
  const deadline = performance.now() + patienceMs
  let before = await place.list()
  for (;;) {
    const [newest] = before
    if (newest === undefined || isSameInput(newest, known)) return newest
    await sleep(settleMs, undefined, { signal })
    const now = await place.list()
    const settled = now.filter((found) => before.some((earlier) => isSameInput(earlier, found)))
    if (isSameInput(settled[0], now[0]) && settled[0] !== undefined && (await isWhole(place, settled[0]))) {
      return settled[0]
    }
    if (performance.now() >= deadline) {
      for (const found of settled) {
        if (isSameInput(found, known) || (await isWhole(place, found))) return found
      }
      throw new RollbookFailure(
        'SOURCE_UNAVAILABLE',
        'A package is there, and it is not whole: it is still being written, or its upload broke off (Z-14).',
      )
    }
    before = now
  }
}

/** What is no ZIP at all will not become one: it is taken, and refused with its findings. */
async function isWhole(place: DropPlace, found: FoundInput): Promise<boolean> {
  if (found.bytes === 0) return false
  const file = await place.open(found)
  try {
    const directory = await findDirectory(file)
    return typeof directory !== 'string' || directory === 'notAnArchive'
  } finally {
    await file.close()
  }
}
