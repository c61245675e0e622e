import { learnRelations, type BestPair } from './learn-relations.ts'
import type { Relations } from './relations.ts'
import { weighRelations } from './weigh-relations.ts'

export type MatchStrength = 'likely' | 'possible'

/** How many needless questions are borne among 1,000 records that are new. */
export type QuestionBudgets = { readonly likely: number; readonly possible: number }

/** A case is of the strength whose line its best score reaches; below `possible` there is no case. */
export type StrengthLines = { readonly likely: number; readonly possible: number }

/** Of so many people, the best pairs of those who resemble anybody. */
export type SampledPairs = { readonly count: number; readonly pairs: readonly BestPair[] }

/** The district's own pairs: of a run's incoming people, and of held people, who are known to be others (learnRelations). */
export type ScoreEvidence = { readonly incoming: SampledPairs; readonly strangers: SampledPairs }

export const defaultBudgets: QuestionBudgets = { likely: 10, possible: 100 }

/**
 * Between `lowest` and `highest` the lines move at the default budgets; `usual` is the line of a run too small to tell,
 * in a district too small to tell.
 */
const bounds = {
  likely: { lowest: 0.45, usual: 0.75, highest: 0.995 },
  possible: { lowest: 0.0005, usual: 0.06, highest: 0.5 },
} as const

/** A budget is a promise and a score an estimate: this much of it is planned with. */
const plannedShare = 0.85

/** Fewer new records than these cannot show what one in a hundred of them looks like. */
const enoughToTell = 300

/** A score, and how probable it is that the two are not one person after all. */
type Doubted = { readonly score: number; readonly doubt: number }

/** Doubts by falling score, and the sum of those of people who resemble nobody. */
type Doubts = { readonly byScore: readonly Doubted[]; readonly newRecords: number }

/**
 * Draws the lines of one run from the best score of each incoming record (0 where she has no candidate): as low as the
 * budgets allow. How many needless questions a line brings is read from the district's own pairs, once from those of the
 * run and once from people held as two; the higher line holds. Without such pairs the scores are taken at their word: of
 * those that say 0.9 one in ten is wrong.
 */
export function drawLines(
  bestScores: readonly number[],
  budgets: QuestionBudgets = defaultBudgets,
  evidence?: ScoreEvidence,
): StrengthLines {
  const { run, strangers } = evidence === undefined ? doubtScores(bestScores) : doubtPairs(evidence)
  const draw = (strength: MatchStrength) => drawLine(strength, run, strangers, budgets[strength])
  const likely = draw('likely')
  return { likely, possible: Math.min(draw('possible'), likely) }
}

function doubtScores(bestScores: readonly number[]): { run: Doubts; strangers?: Doubts } {
  return {
    run: sortDoubts(
      bestScores.map((score) => ({ score, doubt: 1 - score })),
      0,
    ),
  }
}

function doubtPairs({ incoming, strangers }: ScoreEvidence): { run: Doubts; strangers: Doubts } {
  const learned = learnRelations({ incoming: incoming.pairs, strangers: strangers.pairs })
  const doubt = ({ count, pairs }: SampledPairs, known: Relations) =>
    sortDoubts(
      pairs.map(({ comparison, chances }) => ({
        score: readScore(weighRelations(comparison, chances)),
        doubt: 1 - readScore(weighRelations(comparison, chances, known)),
      })),
      count - pairs.length,
    )
  return { run: doubt(incoming, learned.incoming), strangers: doubt(strangers, learned.strangers) }
}

function readScore({ same, moved }: { readonly same: number; readonly moved: number }): number {
  return same + moved
}

function sortDoubts(doubted: readonly Doubted[], resemblingNobody: number): Doubts {
  return {
    byScore: [...doubted].sort((a, b) => b.score - a.score),
    newRecords: doubted.reduce((sum, { doubt }) => sum + doubt, resemblingNobody),
  }
}

function drawLine(strength: MatchStrength, run: Doubts, strangers: Doubts | undefined, budget: number): number {
  const { lowest, usual, highest } = bounds[strength]
  // Half the budget, twice the score that it takes.
  const scale = defaultBudgets[strength] / Math.max(budget, 0.001)
  const ofStrangers = strangers === undefined || strangers.newRecords < enoughToTell ? 0 : findLine(strangers, budget)
  const line = Math.max(findLine(run, budget), ofStrangers)
  // A run too small to tell is no reason for a line above the usual; what the district shows is.
  const most = run.newRecords < enoughToTell ? Math.max(usual * scale, ofStrangers) : highest
  return Math.min(Math.max(line, lowest * scale), most, highest)
}

/** The lowest line whose needless questions fit the budget; 1 where not even the first does. */
function findLine({ byScore, newRecords }: Doubts, budget: number): number {
  const allowed = (budget / 1000) * newRecords * plannedShare
  let needless = 0
  // A line takes all of one score or none: it moves on to the next score only when the last one fitted as a whole.
  let line = 1
  let reached = 1
  for (const { score, doubt } of byScore) {
    if (score < reached) line = reached
    needless += doubt
    if (needless > allowed) return line
    reached = score
  }
  return reached
}

/** The strength of a case by its best score; undefined below the line of `possible`. */
export function judgeStrength(score: number, lines: StrengthLines): MatchStrength | undefined {
  if (score >= lines.likely) return 'likely'
  return score >= lines.possible ? 'possible' : undefined
}
