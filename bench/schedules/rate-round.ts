/** What became of one district in a round; instants in epoch milliseconds. */
export type Firing = {
  readonly district: string
  /** When Temporal was to start it, with what spreads it. */
  readonly dueMs: number
  /** When it was decided to start a run, when the run had its input and began, and when it ended. */
  readonly decidedMs: number
  readonly startedMs: number
  readonly doneMs: number
  /** The run's. */
  readonly state: string
}

export type Spread = { readonly median: number; readonly p99: number; readonly max: number }

/** Times in seconds. */
export type RoundRating = {
  readonly done: number
  readonly states: Readonly<Record<string, number>>
  readonly dueToDone: Spread
  readonly dueToDecided: Spread
  readonly decidedToStarted: Spread
  readonly startedToDone: Spread
  /** Most firings that were due and not done at one time. */
  readonly longestQueue: number
  /** From the last one that was due to the last one that was done. */
  readonly drainSeconds: number
  readonly slowest: { readonly district: string; readonly timesMedian: number }
}

/** Figures of a round in which at least one firing was done. */
export function rateRound(firings: readonly Firing[]): RoundRating {
  const times = (from: (firing: Firing) => number, to: (firing: Firing) => number) =>
    spreadOf(firings.map((firing) => to(firing) - from(firing)))
  const dueToDone = times(dueOf, doneOf)
  const slowest = firings.reduce((a, b) => (doneOf(b) - dueOf(b) > doneOf(a) - dueOf(a) ? b : a))
  return {
    done: firings.length,
    states: countStates(firings),
    dueToDone,
    dueToDecided: times(dueOf, ({ decidedMs }) => decidedMs),
    decidedToStarted: times(
      ({ decidedMs }) => decidedMs,
      ({ startedMs }) => startedMs,
    ),
    startedToDone: times(({ startedMs }) => startedMs, doneOf),
    longestQueue: countLongestQueue(firings),
    drainSeconds: toSeconds(Math.max(...firings.map(doneOf)) - Math.max(...firings.map(dueOf))),
    slowest: {
      district: slowest.district,
      timesMedian: Math.round((dueToDone.max / dueToDone.median) * 10) / 10,
    },
  }
}

function dueOf({ dueMs }: Firing): number {
  return dueMs
}

function doneOf({ doneMs }: Firing): number {
  return doneMs
}

/** By nearest rank. */
function spreadOf(milliseconds: readonly number[]): Spread {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => toSeconds(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN)
  return { median: at(0.5), p99: at(0.99), max: at(1) }
}

function countStates(firings: readonly Firing[]): Readonly<Record<string, number>> {
  const states: Record<string, number> = {}
  for (const { state } of firings) states[state] = (states[state] ?? 0) + 1
  return states
}

function countLongestQueue(firings: readonly Firing[]): number {
  const steps = firings.flatMap(({ dueMs, doneMs }) => [
    { at: dueMs, change: 1 },
    { at: doneMs, change: -1 },
  ])
  let waiting = 0
  let longest = 0
  for (const { change } of steps.toSorted((a, b) => a.at - b.at || a.change - b.change)) {
    waiting += change
    longest = Math.max(longest, waiting)
  }
  return longest
}

function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100
}
