import {
  defaultBudgets,
  drawLines,
  judgeStrength,
  type ScoreEvidence,
  type StrengthLines,
} from '../../domain/matching/draw-lines.ts'
import type { IncomingCase } from './make-cases.ts'

/** What the search says of one incoming record: its best candidate's score (0 without one), and whether that is the truth. */
export type SearchResult = { readonly case: IncomingCase; readonly score: number; readonly isRightFirst: boolean }

/** Shares are of 1; false cases are per 1,000 new records. */
export type Rating = { readonly line: number; readonly found: number; readonly falseCases: number }

export type SearchRating = {
  readonly duplicates: number
  readonly newRecords: number
  /** The best that a line could do within so many false cases per 1,000 new records. */
  readonly within10: Rating
  readonly within100: Rating
  /** By the lines that the run draws for itself. */
  readonly likely: Rating
  readonly possible: Rating
  /** Share of the new twins of held pupils that are a likely case; null when there are none. */
  readonly twinsLikely: number | null
}

/** Rates a search against the truth (the measure of the duplicates benchmark in docs/reference/matching.md). */
export function rateSearch(results: readonly SearchResult[], evidence?: ScoreEvidence): SearchRating {
  const duplicates = results.filter((result) => result.case.held !== null)
  const fresh = results.filter((result) => result.case.held === null)
  const lines: StrengthLines = drawLines(
    results.map(({ score }) => score),
    defaultBudgets,
    evidence,
  )
  const rate = (line: number): Rating => ({
    line,
    found: share(duplicates, ({ score, isRightFirst }) => isRightFirst && score >= line),
    falseCases: round(share(fresh, ({ score }) => score >= line) * 1000),
  })
  const twins = fresh.filter((result) => result.case.trap === 'twin')
  return {
    duplicates: duplicates.length,
    newRecords: fresh.length,
    within10: rate(findLine(fresh, 10)),
    within100: rate(findLine(fresh, 100)),
    likely: rate(lines.likely),
    possible: rate(lines.possible),
    twinsLikely: twins.length === 0 ? null : share(twins, ({ score }) => judgeStrength(score, lines) === 'likely'),
  }
}

/** The lowest line at which no more than so many of 1,000 new records are asked about. */
function findLine(fresh: readonly SearchResult[], budget: number): number {
  const scores = fresh.map(({ score }) => score).sort((a, b) => b - a)
  const firstTooMany = scores[Math.floor((budget / 1000) * fresh.length)] ?? 0
  return firstTooMany + Number.EPSILON
}

function share<Item>(items: readonly Item[], isCounted: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : round(items.filter(isCounted).length / items.length)
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
