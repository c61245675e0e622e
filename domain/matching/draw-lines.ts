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
 * At the default budgets the scores alone move a line from `lowest` to `usual`, which a run too small to tell gets, and
 * those of a large run somewhat further. Up to `highest` it goes where the district's own pairs say so.
 */
const bounds = {
  likely: { lowest: 0.45, usual: 0.75, ofMany: 0.8, highest: 0.995 },
  possible: { lowest: 0.0005, usual: 0.06, ofMany: 0.08, highest: 0.5 },
} as const

/** A budget is a promise and an estimate is none: this much of it is planned with at most. */
const plannedShare = { scores: 0.85, pairs: 0.7 }

/**
 * And the less, the smaller the run: of ten questions that are borne chance makes seven or thirteen, of fifty it makes
 * forty or sixty. `allowed`: how many needless questions the budget bears in the run.
 */
function planPairs(allowed: number): number {
  return Math.max(0.35, Math.min(plannedShare.pairs, 1 - 1.6 / Math.sqrt(Math.max(allowed, 1))))
}

/** Fewer new records than these cannot show what one in a hundred of them looks like. */
const enoughToTell = 300

/** A score, and how probable it is that the two are not one person after all. */
type Doubted = { readonly score: number; readonly doubt: number }

/** Doubts by falling score, and the sum of those of people who resemble nobody. */
type Doubts = { readonly byScore: readonly Doubted[]; readonly newRecords: number }

/**
 * Draws the lines of one run from the best score of each incoming record (0 where she has no candidate): as low as the
 * budgets allow. How many needless questions a line brings is told by three, and the highest line holds: by the scores
 * at their word (of those that say 0.9 one in ten is wrong), by the run's pairs with what the district's own pairs teach,
 * and by people who are held as two. The scores alone never ask for much more than the usual line.
 */
export function drawLines(
  bestScores: readonly number[],
  budgets: QuestionBudgets = defaultBudgets,
  evidence?: ScoreEvidence,
): StrengthLines {
  const scores = sortDoubts(
    bestScores.map((score) => ({ score, doubt: 1 - score })),
    0,
  )
  const pairs = evidence === undefined ? [] : doubtPairs(evidence)
  const draw = (strength: MatchStrength) => drawLine(strength, scores, pairs, budgets[strength])
  const likely = draw('likely')
  return { likely, possible: Math.min(draw('possible'), likely) }
}

function doubtPairs({ incoming, strangers }: ScoreEvidence): Doubts[] {
  const learned = learnRelations({ incoming: incoming.pairs, strangers: strangers.pairs })
  const doubt = ({ count, pairs }: SampledPairs, known: Relations) =>
    sortDoubts(
      pairs.map(({ comparison, chances }) => ({
        score: readScore(weighRelations(comparison, chances)),
        doubt: 1 - readScore(weighRelations(comparison, chances, known)),
      })),
      count - pairs.length,
    )
  return [doubt(incoming, learned.incoming), doubt(strangers, learned.strangers)]
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

function drawLine(strength: MatchStrength, scores: Doubts, pairs: readonly Doubts[], budget: number): number {
  const { lowest, usual, ofMany, highest } = bounds[strength]
  // Half the budget, twice the score that it takes.
  const scale = defaultBudgets[strength] / Math.max(budget, 0.001)
  const isTelling = scores.newRecords >= enoughToTell
  const found = isTelling ? findLine(scores, budget, plannedShare.scores) : usual * scale
  const ofScores = Math.min(Math.max(found, lowest * scale), (isTelling ? ofMany : usual) * scale)
  const ofPairs = pairs
    .filter(({ newRecords }) => newRecords >= enoughToTell)
    .map((doubts) => findLine(doubts, budget, planPairs((budget / 1000) * scores.newRecords)))
  return Math.min(Math.max(ofScores, ...ofPairs), highest)
}

/** So little that no score lies between. */
const justAbove = 1e-9

/** The lowest line whose needless questions fit the budget: just above the score that is too much, 0 where none is. */
function findLine({ byScore, newRecords }: Doubts, budget: number, planned: number): number {
  const allowed = (budget / 1000) * newRecords * planned
  let needless = 0
  for (const { score, doubt } of byScore) {
    needless += doubt
    // A line takes all of one score or none.
    if (needless > allowed) return Math.min(score + justAbove, 1)
  }
  return 0
}

/** The strength of a case by its best score; undefined below the line of `possible`. */
export function judgeStrength(score: number, lines: StrengthLines): MatchStrength | undefined {
  if (score >= lines.likely) return 'likely'
  return score >= lines.possible ? 'possible' : undefined
}
