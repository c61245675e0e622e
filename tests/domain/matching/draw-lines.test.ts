import assert from 'node:assert/strict'
import { drawLines, judgeStrength } from '../../../domain/matching/draw-lines.ts'

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
    assert.equal(lines.likely, 0.5)
    assert.equal(lines.possible, 0.02)
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
    assert.equal(judgeStrength(0.04, lines), undefined)
  })
})
