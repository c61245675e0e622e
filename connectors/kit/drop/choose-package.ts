import type { FoundInput, SourceLook } from '../../connector.ts'
import type { DropContent } from './drop-content.ts'
import { isSameInput, type DropPlace } from './drop-place.ts'

export type Patience = { readonly settleMs: number; readonly patienceMs: number }

export type PackageChoice =
  | { readonly kind: 'chosen'; readonly found: FoundInput }
  | { readonly kind: 'nothingThere' }
  /** Look again after `waitMs`, with this look. */
  | { readonly kind: 'wait'; readonly look: SourceLook; readonly waitMs: number }
  /** Packages are there, for longer than one waits, and none is whole. */
  | { readonly kind: 'noneWhole'; readonly look: SourceLook; readonly reason: string }

/** Of a folder with years of packages only the newest ones matter. */
const lookedAt = 20
const longestWaitMs = 60_000
const reason = 'A package is there, and it is not whole: it is still being written, or its upload broke off (Z-14).'

/**
 * The newest package that is whole, by one look and the one before. Rule Z-14: one that is still being written is
 * waited for, and is whole when its size and time have not moved for `settleMs` and it ends as what it is meant to be. After
 * `patienceMs` an older one is taken instead. The one fetched before needs no second look.
 */
export async function choosePackage(
  place: DropPlace,
  known: FoundInput | undefined,
  { settleMs, patienceMs }: Patience,
  { earlier, now }: { readonly earlier: SourceLook | undefined; readonly now: Date },
  content: DropContent,
): Promise<PackageChoice> {
  const found = (await place.list()).slice(0, lookedAt)
  const [newest] = found
  if (newest === undefined) return { kind: 'nothingThere' }
  if (isSameInput(newest, known)) return { kind: 'chosen', found: newest }
  const since = earlier?.since ?? now
  const waitedMs = now.getTime() - since.getTime()
  const sinceLookMs = earlier === undefined ? 0 : now.getTime() - earlier.at.getTime()
  // Asked before its time, as by an attempt whose worker died: that look stands.
  if (earlier !== undefined && sinceLookMs < settleMs) {
    return { kind: 'wait', look: earlier, waitMs: settleMs - Math.max(sinceLookMs, 0) }
  }
  const settled = found.filter((one) => earlier?.found.some((before) => isSameInput(before, one)) === true)
  if (isSameInput(settled[0], newest) && (await isWhole(place, newest, content)))
    return { kind: 'chosen', found: newest }
  const look = { since, at: now, found }
  if (earlier === undefined || waitedMs < patienceMs) {
    // An upload that broke off is looked at ever less often.
    const waitMs = Math.max(settleMs, Math.min(waitedMs / 4, longestWaitMs))
    return { kind: 'wait', look, waitMs: Math.ceil(waitMs) }
  }
  for (const one of settled) {
    if (isSameInput(one, known) || (await isWhole(place, one, content))) return { kind: 'chosen', found: one }
  }
  // Somebody is at work on it, and there is nothing else that could be taken.
  if (settled[0] === undefined || !isSameInput(settled[0], newest)) return { kind: 'wait', look, waitMs: settleMs }
  return { kind: 'noneWhole', look, reason }
}

async function isWhole(place: DropPlace, found: FoundInput, content: DropContent): Promise<boolean> {
  if (found.bytes === 0) return false
  const file = await place.open(found)
  try {
    return await content.isWhole(file)
  } finally {
    await file.close()
  }
}
