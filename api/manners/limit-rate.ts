import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { AppEnvironment } from '../app-environment.ts'
import { PassingRefusal } from '../failures.ts'

type Bucket = { tokens: number; seenAtMs: number }
const mostBuckets = 10_000

/**
 * So many requests a minute for each token, and as many at once: a bucket that fills evenly. Counted in each process by
 * itself: a limit that keeps a script in a circle from keeping others away needs no table.
 */
export function createRateLimit(
  perMinute: number,
  nowMs: () => number = () => performance.now(),
): MiddlewareHandler<AppEnvironment> {
  const buckets = new Map<string, Bucket>()
  const refillPerMs = perMinute / 60_000
  return async (context, next) => {
    // By what was sent, and not by a name: two tokens may be called the same.
    const credential = context.req.header('authorization') ?? context.req.header('cookie') ?? ''
    const key = createHash('sha256').update(credential).digest('base64')
    const now = nowMs()
    const { tokens, seenAtMs } = buckets.get(key) ?? { tokens: perMinute, seenAtMs: now }
    const filled = Math.min(perMinute, tokens + (now - seenAtMs) * refillPerMs)
    // The one that was used last stands last: what is forgotten is the one that nobody used for longest.
    buckets.delete(key)
    if (buckets.size >= mostBuckets) buckets.delete(buckets.keys().next().value ?? '')
    buckets.set(key, { tokens: filled >= 1 ? filled - 1 : filled, seenAtMs: now })
    if (filled >= 1) return next()
    const seconds = Math.max(1, Math.ceil((1 - filled) / refillPerMs / 1000))
    throw new PassingRefusal('RATE_LIMITED', `A token may ask ${perMinute} times a minute; wait ${seconds} s.`, seconds)
  }
}
