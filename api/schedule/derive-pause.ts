const restPerWork = 20
const longestPauseMs = 60_000

/**
 * How long one that looks at every district in turn rests before it looks again. With a thousand districts a look takes
 * seconds of two processes and mostly finds nothing: it is not to be what keeps the machine busy.
 */
export function derivePauseMs(leastMs: number, tookMs: number): number {
  return Math.max(leastMs, Math.min(tookMs * restPerWork, longestPauseMs))
}
