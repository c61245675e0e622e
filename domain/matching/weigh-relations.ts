import type { Comparison } from './compare-people.ts'
import {
  gradeByAge,
  gradeByChance,
  relationNames,
  relations,
  type Relation,
  type RelationName,
  type Relations,
} from './relations.ts'

/** What chance alone would bring: how many are held, and how large a share of them has a name or a contact. */
export type Chances = {
  readonly heldCount: number
  /** Shares (0 to 1) of the held people with the given and the family name that both have. */
  readonly givenShare: number
  readonly familyShare: number
  /** Share of the held people who go to the incoming one's school. */
  readonly schoolShare: number
  /** Share of the held people born on the incoming one's date, where that is a date of many. */
  readonly birthDateShare: number
  /** How many held people have the e-mail address, the phone number and the street address that both have. */
  readonly emailHolders: number
  readonly phoneHolders: number
  readonly addressHolders: number
}

/** Of each relation, how probable it is that the two stand so, given all that agrees and differs. They add up to 1. */
export type RelationShares = Readonly<Record<RelationName, number>>

/**
 * Weighs what an incoming person may be to a held one: Fellegi and Sunter's comparison of probabilities, with more
 * than the two classes "same" and "not the same". Relatives and namesakes agree in many fields for one reason, which
 * a model of independent fields takes for many reasons.
 */
export function weighRelations(comparison: Comparison, chances: Chances, known: Relations = relations): RelationShares {
  const weights = relationNames.map((name) => {
    const relation = known[name]
    const prior = name === 'stranger' ? 1 : relation.prior / Math.max(chances.heldCount, 1)
    return prior * measureFit(comparison, relation, name, chances)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shareOf = (index: number) => (weights[index] ?? 0) / total
  return {
    same: shareOf(0),
    moved: shareOf(1),
    twin: shareOf(2),
    sibling: shareOf(3),
    namesake: shareOf(4),
    lookalike: shareOf(5),
    stranger: shareOf(6),
  }
}

/** How probable the levels are in this relation: the product over all that is known of both. */
function measureFit(comparison: Comparison, relation: Relation, name: RelationName, chances: Chances): number {
  const { given, family } = comparison
  let fit = 1
  fit *= name === 'stranger' && given === 'exact' ? chances.givenShare : oddsOf(relation.given, given)
  fit *= name === 'stranger' && family === 'exact' ? chances.familyShare : oddsOf(relation.family, family)
  // Similar is not the same: two strangers of the very same name are a matter of how frequent it is.
  if (name === 'lookalike' && given === 'exact' && family === 'exact') fit *= 0.02
  fit *= oddsOf(relation.middle, comparison.middle)
  const birthDate = oddsOf(relation.birthDate, comparison.birthDate)
  // Of those whose papers say the first of January, many were born on no such day.
  fit *= comparison.birthDate === 'exact' ? Math.max(birthDate, chances.birthDateShare) : birthDate
  // A given name tells the sex, so that between two people of one name the sex is no news.
  const isSexOfName = name === 'stranger' && (given === 'exact' || given === 'near' || given === 'nickname')
  fit *= oddsOf(isSexOfName ? relations.namesake.sex : relation.sex, comparison.sex)
  fit *= measureContacts(comparison, relation, name, chances)
  fit *= oddsOf(isUnrelated(name) ? chanceOfSchool(name, chances) : relation.school, comparison.school)
  fit *= oddsOf(relation.grade === 'byAge' ? chooseGradeOdds(comparison.yearsApart) : relation.grade, comparison.grade)
  fit *= oddsOf(relation.username, comparison.username)
  fit *= oddsOf(relation.id, comparison.stateId)
  fit *= oddsOf(relation.id, comparison.federatedId)
  fit *= oddsOf(relation.race, comparison.race)
  fit *= oddsOf(relation.ethnicity, comparison.ethnicity)
  return fit * oddsOf(relation.homeLanguage, comparison.homeLanguage)
}

function measureContacts(comparison: Comparison, relation: Relation, name: RelationName, chances: Chances): number {
  let email = oddsOf(relation.email, comparison.email)
  let phone = oddsOf(relation.phone, comparison.phone)
  let address = oddsOf(relation.address, comparison.address)
  if (isUnrelated(name)) {
    // What many have (the number of an office, a block of flats) two people have by chance.
    if (comparison.email === 'exact') email = Math.max(email, shareOfOthers(chances.emailHolders, chances))
    if (comparison.phone === 'exact') phone = Math.max(phone, shareOfOthers(chances.phoneHolders, chances))
    if (comparison.address === 'exact') address = Math.max(address, shareOfOthers(chances.addressHolders, chances))
  }
  return email * phone * address
}

function oddsOf<Level extends string>(odds: Readonly<Record<Exclude<Level, 'missing'>, number>>, level: Level): number {
  // What is not known on one side is no evidence; `missing` is the one level without odds.
  return level === 'missing' ? 1 : odds[level as Exclude<Level, 'missing'>]
}

function chooseGradeOdds(yearsApart: number | undefined) {
  if (yearsApart === undefined) return gradeByChance
  return gradeByAge.find(({ below }) => yearsApart < below)?.odds ?? gradeByChance
}

function isUnrelated(name: RelationName): boolean {
  return name === 'stranger' || name === 'namesake' || name === 'lookalike'
}

/** Unrelated people go to one school as often as it is large, namesakes a little more often. */
function chanceOfSchool(name: RelationName, { schoolShare }: Chances) {
  const exact = name === 'stranger' ? schoolShare : schoolShare + 0.04 * (1 - schoolShare)
  return { exact, different: Math.max(1 - exact, 0.001) }
}

/** The one holder there always is, is the candidate. */
function shareOfOthers(holders: number, { heldCount }: Chances): number {
  return Math.max(holders - 1, 0) / Math.max(heldCount, 1)
}
