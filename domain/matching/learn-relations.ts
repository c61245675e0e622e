import type { Comparison } from './compare-people.ts'
import { relationNames, relations, type Relation, type RelationName, type Relations } from './relations.ts'
import { weighRelations, type Chances } from './weigh-relations.ts'

/** An incoming person or one held, and whom of the (other) held she resembles most. */
export type BestPair = { readonly comparison: Comparison; readonly chances: Chances }

export type DistrictPairs = {
  /** Of incoming people without a known id; whether they are the same is what we want to know. */
  readonly incoming: readonly BestPair[]
  /** Of held people: two records of one district that nobody has found to be one. */
  readonly strangers: readonly BestPair[]
}

/** What the district shows of its people: relations for incoming pairs, and for pairs of two held people. */
export type LearnedRelations = { readonly incoming: Relations; readonly strangers: Relations }

/** The estimates of relations.ts weigh as much as so many pairs. */
const trust = { prior: 200, odds: 60 }

/** Among the held, so large a share may be one child held twice. */
const heldTwice = 0.004

const rounds = 6

/**
 * Learns from a district's own pairs how often its twins have names alike, its families one address, its duplicates
 * another name, and how many of those who come in are what (expectation and maximization, from the estimates of
 * relations.ts, which count as some pairs more). What agrees by chance is counted elsewhere and not learned.
 */
export function learnRelations({ incoming, strangers }: DistrictPairs): LearnedRelations {
  let learned: LearnedRelations = { incoming: relations, strangers: asStrangers(relations) }
  for (let round = 0; round < rounds; round += 1) {
    const tally = makeTally()
    const known = learned
    for (const pair of incoming) countPair(tally, pair, known.incoming)
    const priors = readPriors(tally, incoming.length)
    // Of two held people it is known what they are not: they say how twins are alike, not how many twins come in.
    for (const pair of strangers) countPair(tally, pair, known.strangers)
    const next = relearn(tally, priors)
    learned = { incoming: next, strangers: asStrangers(next) }
  }
  return learned
}

function asStrangers(known: Relations): Relations {
  return {
    ...known,
    same: { ...known.same, prior: heldTwice / 2 },
    moved: { ...known.moved, prior: heldTwice / 2 },
  }
}

/** Levels by the aspect of a relation and by what they are compared in: both ids are weighed by the same odds. */
const learnedAspects = [
  ['given', 'given'],
  ['family', 'family'],
  ['middle', 'middle'],
  ['birthDate', 'birthDate'],
  ['sex', 'sex'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['address', 'address'],
  ['school', 'school'],
  ['username', 'username'],
  ['id', 'stateId'],
  ['id', 'federatedId'],
] as const satisfies readonly (readonly [keyof Relation, keyof Comparison])[]

type LevelCounts = Record<string, number>
type Counted = { pairs: number; readonly levels: Record<(typeof learnedAspects)[number][0], LevelCounts> }
type Tally = Readonly<Record<RelationName, Counted>>

function makeTally(): Tally {
  const empty = (): Counted => ({
    pairs: 0,
    levels: {
      given: {},
      family: {},
      middle: {},
      birthDate: {},
      sex: {},
      email: {},
      phone: {},
      address: {},
      school: {},
      username: {},
      id: {},
    },
  })
  return {
    same: empty(),
    moved: empty(),
    twin: empty(),
    sibling: empty(),
    namesake: empty(),
    lookalike: empty(),
    stranger: empty(),
  }
}

function countPair(tally: Tally, { comparison, chances }: BestPair, known: Relations): void {
  const shares = weighRelations(comparison, chances, known)
  for (const name of relationNames) {
    const share = shares[name]
    if (name === 'stranger' || share < 1e-3) continue
    const counted = tally[name]
    counted.pairs += share
    for (const [aspect, compared] of learnedAspects) {
      const level = comparison[compared]
      if (level === 'missing') continue
      const counts = counted.levels[aspect]
      counts[level] = (counts[level] ?? 0) + share
    }
  }
}

function readPriors(tally: Tally, incomingCount: number): Readonly<Record<RelationName, number>> {
  const priorOf = (name: RelationName) =>
    (tally[name].pairs + trust.prior * relations[name].prior) / (incomingCount + trust.prior)
  return {
    same: priorOf('same'),
    moved: priorOf('moved'),
    twin: priorOf('twin'),
    sibling: priorOf('sibling'),
    namesake: priorOf('namesake'),
    lookalike: priorOf('lookalike'),
    stranger: 1,
  }
}

function relearn(tally: Tally, priors: Readonly<Record<RelationName, number>>): Relations {
  const learn = (name: RelationName): Relation => {
    const relation = relations[name]
    const learned: Record<string, unknown> = { ...relation, prior: priors[name] }
    for (const [aspect] of learnedAspects) {
      learned[aspect] = learnOdds(relation[aspect], aspect, tally[name].levels[aspect])
    }
    return learned as Relation // every aspect has the levels that it had
  }
  return {
    same: learn('same'),
    moved: learn('moved'),
    twin: learn('twin'),
    sibling: learn('sibling'),
    namesake: learn('namesake'),
    lookalike: learn('lookalike'),
    stranger: relations.stranger,
  }
}

function learnOdds(
  odds: Readonly<Record<string, number>>,
  aspect: string,
  counted: Readonly<LevelCounts>,
): Readonly<Record<string, number>> {
  // Both names are swapped or none: it is the given name that tells, and the family name's odds are the same for all.
  const levels = Object.keys(odds).filter((level) => aspect !== 'family' || level !== 'swapped')
  const total = levels.reduce((sum, level) => sum + (counted[level] ?? 0), 0)
  const learned = levels.map((level): [string, number] => {
    const count = counted[level] ?? 0
    return [level, (count + trust.odds * (odds[level] ?? 0)) / (total + trust.odds)]
  })
  return { ...odds, ...Object.fromEntries(learned) }
}
