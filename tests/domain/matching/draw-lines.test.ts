import assert from 'node:assert/strict'
import { defaultBudgets, drawLines, judgeStrength, type ScoreEvidence } from '../../../domain/matching/draw-lines.ts'
import { comparePair, likeNamedTwin, manyPairs, unlike } from './own-pairs.ts'

const many = (count: number, score: number) => Array.from({ length: count }, () => score)

describe('the lines of a run', () => {
  it('are the usual ones when the run is too small to tell', () => {
    assert.deepEqual(drawLines([0.55]), { likely: 0.75, possible: 0.06 })
    assert.deepEqual(drawLines([]), { likely: 0.75, possible: 0.06 })
  })

  it('lie lower where little is in doubt', () => {
    const lines = drawLines([
      ...many(1000, 0.999),
      ...many(10, 0.5),
      ...many(10, 0.02),
      ...many(90, 0.01),
      ...many(1000, 0),
    ])
    assert.ok(lines.likely > 0.02 && lines.likely <= 0.5, String(lines.likely))
    assert.ok(lines.possible > 0.01 && lines.possible <= 0.02, String(lines.possible))
  })

  it('do not ask more needless questions than the budget, if the scores are right', () => {
    const scores = [...many(900, 0.99), ...many(300, 0.6), ...many(3000, 0.05), ...many(1000, 0)]
    const { possible } = drawLines(scores)
    const newRecords = scores.reduce((sum, score) => sum + 1 - score, 0)
    const needless = scores.filter((score) => score >= possible).reduce((sum, score) => sum + 1 - score, 0)
    assert.ok(needless <= newRecords * 0.1)
  })

  it('move with the budget', () => {
    const scores = [...many(500, 0.99), ...many(100, 0.5), ...many(100, 0.3), ...many(2000, 0)]
    const strict = drawLines(scores, { likely: 5, possible: 50 })
    const generous = drawLines(scores, { likely: 40, possible: 200 })
    assert.ok(strict.likely > generous.likely)
    assert.ok(generous.possible <= strict.possible)
  })

  it('tell likely from possible, and both from no case', () => {
    const lines = { likely: 0.5, possible: 0.05 }
    assert.equal(judgeStrength(0.5, lines), 'likely')
    assert.equal(judgeStrength(0.49, lines), 'possible')
    assert.equal(judgeStrength(0.05, lines), 'possible')
    assert.equal(judgeStrength(0.04, lines), undefined)
  })
})

describe("the district's own pairs", () => {
  /** A run of 1,000 of whom 50 are held under another id. */
  const scores = [...many(50, 0.999), ...many(950, 0)]
  const { score } = comparePair(likeNamedTwin)
  const incoming: ScoreEvidence['incoming'] = { count: 1000, pairs: manyPairs(50, {}) }
  const none: ScoreEvidence['strangers'] = { count: 0, pairs: [] }
  const linesOf = (strangers: ScoreEvidence['strangers'], budgets = defaultBudgets) =>
    drawLines(scores, budgets, { incoming, strangers })
  const withTwins = (twins: number, count = 1000) => ({
    count,
    pairs: [...manyPairs(twins, likeNamedTwin), ...manyPairs(count - twins, unlike)],
  })

  it('leave the lines where the scores put them when nobody is like anybody', () => {
    assert.deepEqual(linesOf(withTwins(0)), drawLines(scores))
  })

  it('raise a line above what two people of the district have in common', () => {
    assert.ok(drawLines(scores).likely < score)
    assert.ok(linesOf(withTwins(150)).likely > score)
    assert.ok(linesOf(withTwins(150)).likely < score + 1e-6)
  })

  it('let as many of them by as the budget bears', () => {
    assert.ok(linesOf(withTwins(3)).likely <= score)
    assert.ok(linesOf(withTwins(3), { likely: 1, possible: 100 }).likely > score)
    assert.ok(linesOf(withTwins(30), { likely: 100, possible: 200 }).likely <= score)
  })

  it('let by less of a budget in a small run, which chance moves more', () => {
    const evidence = { incoming, strangers: withTwins(6) }
    const lineOf = (newRecords: number) =>
      drawLines([...many(50, 0.999), ...many(newRecords, 0)], defaultBudgets, evidence).likely
    assert.ok(lineOf(950) > score)
    assert.ok(lineOf(10_000) <= score)
    assert.ok(
      drawLines([...many(50, 0.999), ...many(10_000, 0)], defaultBudgets, { incoming, strangers: withTwins(8) })
        .likely > score,
    )
  })

  it('say nothing where they are too few to tell', () => {
    assert.deepEqual(linesOf(withTwins(250, 250)), linesOf(none))
  })

  it('count those of a sample who resemble nobody', () => {
    assert.ok(linesOf({ count: 100_000, pairs: manyPairs(150, likeNamedTwin) }).likely <= score)
  })

  it('of the run itself raise a line, too: where most who look like it are others', () => {
    const mixed = { count: 1000, pairs: [...manyPairs(400, likeNamedTwin), ...manyPairs(600, unlike)] }
    const strangers = withTwins(290, 299)
    const told = drawLines([...many(400, score), ...many(600, 0)], defaultBudgets, { incoming: mixed, strangers })
    assert.ok(told.likely > score, `${told.likely} ${score}`)
  })

  it('never lower a line below what the scores ask for, nor raise it beyond all reach', () => {
    const alone = drawLines(scores)
    for (const pairs of [manyPairs(900, unlike), manyPairs(900, likeNamedTwin), manyPairs(900, {})]) {
      const lines = linesOf({ count: 900, pairs })
      assert.ok(lines.likely >= alone.likely && lines.possible >= alone.possible)
      assert.ok(lines.likely <= 0.995 && lines.possible <= 0.5)
    }
  })
})
