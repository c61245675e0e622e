/** One small fault: `source` from `start` to `end` is replaced. */
export type Mutant = { readonly start: number; readonly end: number; readonly replacement: string }

/** `source` with the fault in it. */
export function plant(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end)
}

/** Where it is and what it makes of the line, for a reader: `line` counts from 1. */
export function describeMutant(source: string, mutant: Mutant) {
  const line = source.slice(0, mutant.start).split('\n').length
  const from = source.lastIndexOf('\n', mutant.start - 1) + 1
  const until = (text: string, at: number) => (text.indexOf('\n', at) === -1 ? text.length : text.indexOf('\n', at))
  const planted = plant(source, mutant)
  const flat = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
  return {
    line,
    before: flat(source.slice(from, until(source, mutant.end))),
    after: flat(planted.slice(from, until(planted, mutant.start + mutant.replacement.length))),
  }
}

/** Each fault once, in the order of the file. */
export function sortMutants(mutants: readonly Mutant[]): Mutant[] {
  const byPlace = new Map(mutants.map((mutant) => [`${mutant.start} ${mutant.end} ${mutant.replacement}`, mutant]))
  return [...byPlace.values()].sort((one, other) => one.start - other.start || one.end - other.end)
}

/** `count` of them, the same for the same seed; all when there are fewer. */
export function sampleMutants(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  let state = seed >>> 0
  // The linear congruential generator of Numerical Recipes: good enough to pick lines.
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0)
  const drawn = mutants.map((mutant) => ({ mutant, lot: next() })).sort((one, other) => one.lot - other.lot)
  return sortMutants(drawn.slice(0, count).map(({ mutant }) => mutant))
}
