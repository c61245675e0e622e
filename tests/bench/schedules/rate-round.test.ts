import assert from 'node:assert/strict'
import { inParallel } from '../../../bench/schedules/in-parallel.ts'
import { rateRound, type Firing } from '../../../bench/schedules/rate-round.ts'
import { untilAll } from '../../../bench/schedules/until-all.ts'

/** Due every second, decided after a tenth, begun after a fifth, done after so many seconds. */
function fire(seconds: readonly number[]): Firing[] {
  return seconds.map((took, index) => {
    const dueMs = index * 1000
    const times = { dueMs, decidedMs: dueMs + 100, startedMs: dueMs + 200, doneMs: dueMs + took * 1000 }
    return { district: `district-${index}`, state: 'unchanged', ...times }
  })
}

describe('the figures of a round', () => {
  it('are the median and the 99th percentile by nearest rank, and the slowest', () => {
    const seconds = Array.from({ length: 200 }, (_, index) => (index + 1) / 100)
    const { dueToDone, slowest, done } = rateRound(fire(seconds))
    assert.deepEqual(dueToDone, { median: 1, p99: 1.98, max: 2 })
    assert.deepEqual(slowest, { district: 'district-199', timesMedian: 2 })
    assert.equal(done, 200)
  })

  it('tell the parts of the time from due to done', () => {
    const { dueToDecided, decidedToStarted, startedToDone } = rateRound(fire([1, 1]))
    assert.deepEqual([dueToDecided.max, decidedToStarted.max, startedToDone.max], [0.1, 0.1, 0.8])
  })

  it('count how many waited at once, and how long the last ones took to go', () => {
    const { longestQueue, drainSeconds } = rateRound(fire([0.5, 2.5, 1.5, 0.5, 0.5]))
    assert.equal(longestQueue, 3)
    assert.equal(drainSeconds, 0.5)
  })

  it('do not count one as waiting that is done when the next is due', () => {
    assert.equal(rateRound(fire([1, 1, 1])).longestQueue, 1)
  })
})

describe('work in parallel', () => {
  it('is begun in order, so many at a time, and done for all', async () => {
    const begun: number[] = []
    let atWork = 0
    let most = 0
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      begun.push(item)
      most = Math.max(most, (atWork += 1))
      await Promise.resolve()
      atWork -= 1
    })
    assert.deepEqual(begun, [1, 2, 3, 4, 5, 6, 7])
    assert.equal(most, 3)
  })
})

describe('the wait for all', () => {
  it('gives up when the count stands still, and says so', async () => {
    assert.equal(await untilAll(2, () => Promise.resolve(1), { giveUpMs: 0 }), false)
    assert.equal(await untilAll(2, () => Promise.resolve(2), { giveUpMs: 0 }), true)
  })
})
