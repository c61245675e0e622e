export type MatchStrength = 'likely' | 'possible'

/** How many needless questions are borne among 1,000 records that are new. */
export type QuestionBudgets = { readonly likely: number; readonly possible: number }

/** A case is of the strength whose line its best score reaches; below `possible` there is no case. */
export type StrengthLines = { readonly likely: number; readonly possible: number }

export const defaultBudgets: QuestionBudgets = { likely: 10, possible: 100 }

/**
 * Between these the lines move at the default budgets. The run's own scores say where a line would have to lie, but
 * a run of ten records says little, and the weights are no more than careful estimates.
 */
const bounds = {
  likely: { lowest: 0.45, highest: 0.75 },
  possible: { lowest: 0.0005, highest: 0.06 },
} as const

/** A budget is a promise and a score an estimate: this much of it is planned with. */
const plannedShare = 0.85

/**
 * Draws the lines of one run from the best score of each incoming record (0 where she has no candidate). A score of 0.9
 * is wrong one time in ten, so the scores themselves say how many needless questions a line brings: the lines lie as low
 * as the budgets allow.
 */
export function drawLines(bestScores: readonly number[], budgets: QuestionBudgets = defaultBudgets): StrengthLines {
  const sorted = [...bestScores].sort((a, b) => b - a)
  const newRecords = sorted.reduce((sum, score) => sum + 1 - score, 0)
  const likely = drawLine('likely', sorted, newRecords, budgets.likely)
  return { likely, possible: Math.min(drawLine('possible', sorted, newRecords, budgets.possible), likely) }
}

function drawLine(strength: MatchStrength, sorted: readonly number[], newRecords: number, budget: number): number {
  const allowed = (budget / 1000) * newRecords * plannedShare
  let needless = 0
  // A line takes all of one score or none: it moves on to the next score only when the last one fitted as a whole.
  let line = 1
  let reached = 1
  for (const score of sorted) {
    if (score < reached) line = reached
    needless += 1 - score
    if (needless > allowed) break
    reached = score
  }
  if (needless <= allowed) line = reached
  // Half the budget, twice the score that it takes.
  const scale = defaultBudgets[strength] / Math.max(budget, 0.001)
  const { lowest, highest } = bounds[strength]
  return Math.min(Math.max(line, lowest * scale), highest * scale, 0.97)
}

/** The strength of a case by its best score; undefined below the line of `possible`. */
export function judgeStrength(score: number, lines: StrengthLines): MatchStrength | undefined {
  if (score >= lines.likely) return 'likely'
  return score >= lines.possible ? 'possible' : undefined
}
