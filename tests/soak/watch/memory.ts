/** Resident memory of one process from its start to its end. */
export type ProcessLife = {
  readonly name: string
  readonly pid: number
  readonly startedAt: number
  readonly samples: { readonly at: number; readonly residentMiB: number }[]
}

export type MemoryVerdict = {
  readonly name: string
  readonly pid: number
  readonly minutes: number
  readonly samples: number
  readonly firstThirdMiB: number
  readonly lastThirdMiB: number
  readonly peakMiB: number
  /** `short`: too short to say anything. */
  readonly verdict: 'flat' | 'grows' | 'short'
}

/** Heap and caches fill at first. */
const warmUpMs = 90_000
const shortestMs = 6 * 60_000
/** Between the middles of the thirds: what a garbage collector leaves lying about, and no more. */
const allowedShare = 1.2
const allowedMiB = 24

/** Compares the first and the last third of a life, by their medians, after a minute and a half of warming up. */
export function judgeMemory({ name, pid, startedAt, samples }: ProcessLife): MemoryVerdict {
  const warm = samples.filter(({ at }) => at - startedAt > warmUpMs)
  const lastedMs = (samples.at(-1)?.at ?? startedAt) - startedAt
  const third = Math.floor(warm.length / 3)
  const first = median(warm.slice(0, third))
  const last = median(warm.slice(-third || warm.length))
  const isFlat = last <= first * allowedShare + allowedMiB
  return {
    name,
    pid,
    minutes: Math.round(lastedMs / 6000) / 10,
    samples: samples.length,
    firstThirdMiB: Math.round(first),
    lastThirdMiB: Math.round(last),
    peakMiB: Math.round(Math.max(0, ...samples.map(({ residentMiB }) => residentMiB))),
    verdict: lastedMs < shortestMs ? 'short' : isFlat ? 'flat' : 'grows',
  }
}

function median(samples: ProcessLife['samples']): number {
  const sorted = samples.map(({ residentMiB }) => residentMiB).sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
