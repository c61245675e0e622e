import assert from 'node:assert/strict'
import { learnRelations } from '../../../domain/matching/learn-relations.ts'
import type { AspectValues } from '../../../domain/matching/matching-aspects.ts'
import { relationNames, relations, type Relations } from '../../../domain/matching/relations.ts'
import { weighRelations } from '../../../domain/matching/weigh-relations.ts'
import { comparePair, likeNamedTwin, manyPairs, renamed, unlike } from './own-pairs.ts'

/** How probable it is that the pair is one person, by what is known. */
function weigh(changes: AspectValues, known: Relations): number {
  const { comparison, chances } = comparePair(changes)
  const { same, moved } = weighRelations(comparison, chances, known)
  return same + moved
}

describe("what a district's own pairs teach", () => {
  it('is nothing new where there are none', () => {
    const { incoming } = learnRelations({ incoming: [], strangers: [] })
    for (const changes of [{}, likeNamedTwin, renamed, unlike]) {
      assert.ok(Math.abs(weigh(changes, incoming) - weigh(changes, relations)) < 1e-9)
    }
  })

  it('of held people with names alike: that such a pair is two people', () => {
    const { incoming } = learnRelations({ incoming: [], strangers: manyPairs(500, likeNamedTwin) })
    const [before, after] = [weigh(likeNamedTwin, relations), weigh(likeNamedTwin, incoming)]
    assert.ok(before > 0.05, String(before))
    assert.ok(after < before / 3, `${before} became ${after}`)
    assert.ok(weigh({}, incoming) > 0.99)
  })

  it('of held people is not how many of those who come in are twins', () => {
    const { incoming } = learnRelations({ incoming: [], strangers: manyPairs(500, likeNamedTwin) })
    for (const name of relationNames) assert.ok(Math.abs(incoming[name].prior - relations[name].prior) < 1e-9, name)
  })

  it('of those who come in: how many are somebody we hold', () => {
    const learn = (same: number, others: number) =>
      learnRelations({ incoming: [...manyPairs(same, {}), ...manyPairs(others, unlike)], strangers: [] }).incoming
    const [few, many] = [learn(10, 900), learn(900, 10)]
    assert.ok(many.same.prior > 5 * few.same.prior, `${many.same.prior} ${few.same.prior}`)
  })

  it('of those who come in: what changes when a child comes under a new id', () => {
    const account = { username: 'okonskim' }
    const { incoming } = learnRelations({ incoming: manyPairs(500, account), strangers: [] })
    assert.ok(incoming.same.username.different > relations.same.username.different)
    assert.ok(incoming.same.email.exact > relations.same.email.exact)
  })

  it('is never what agrees by chance, nor the odds of names that are exchanged', () => {
    const pairs = { incoming: manyPairs(300, unlike), strangers: manyPairs(300, likeNamedTwin) }
    const { incoming, strangers } = learnRelations(pairs)
    assert.deepEqual(incoming.stranger, relations.stranger)
    for (const name of relationNames) {
      assert.equal(incoming[name].family.swapped, relations[name].family.swapped)
      if (name !== 'stranger') assert.ok(strangers.same.prior + strangers.moved.prior < 0.005)
    }
  })
})
