import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 1000

/**
 * Waits until all are counted, and tells whether they came: false when the count has stood still for `giveUpMs`, of
 * which nothing before `notBeforeMs` (epoch milliseconds) counts.
 */
export async function untilAll(
  expected: number,
  count: () => Promise<number>,
  { giveUpMs, notBeforeMs = 0 }: { readonly giveUpMs: number; readonly notBeforeMs?: number },
): Promise<boolean> {
  let before = -1
  let movedAt = Date.now()
  for (;;) {
    const now = await count()
    if (now >= expected) return true
    if (now !== before) movedAt = Date.now()
    before = now
    if (Date.now() - Math.max(movedAt, notBeforeMs) > giveUpMs) return false
    await sleep(pollMs)
  }
}
