import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { MatchingAspect } from '../../domain/matching/matching-aspects.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'

/** Of what keys are made for: keys of one district and data type are equal to no other's. */
export type KeyScope = { readonly districtId: string; readonly dataType: DataType }

/** The sounds (rollbook_sound) of a name under which a record may be held, and the birth date as text; as SQL. */
export type NameSql = { readonly birthDate: string; readonly given: string; readonly family: string }

/** One key as SQL, null where something that it is made of is missing. */
export type MatchKeySql = {
  readonly key: string
  /**
   * How many initials of given and family name must agree where two share this key and no other: on one birth date
   * many are born, and the few to be compared with care are those whose names begin alike.
   */
  readonly initials: 0 | 1 | 2
  /** Made without the birth date, which must then be unknown or nearly agree. */
  readonly isOfAnyDate?: true
}

/** The column of an aspect in `alias`, or null where the data type has no such field. */
export function aspectColumn(dataType: DataType, aspect: MatchingAspect, alias: string): string {
  const field = dataType.matching?.[aspect]
  return field === undefined ? 'null' : `${alias}.${quoteName(columnOf(field))}`
}

/**
 * Keys of a name. One of the two names may be another altogether if the birth date is right or has day and month
 * exchanged, the year may be wrong if the other initial agrees, and the date may be wrong or unknown if both names sound right.
 */
export function buildNameKeys(scope: KeyScope, { birthDate, given, family }: NameSql): readonly MatchKeySql[] {
  const born = unorderedDate(birthDate)
  return [
    { key: hash(scope, 'family', `left(${birthDate}, 4) || ${born} || ${family}`), initials: 1 },
    { key: hash(scope, 'given', `left(${birthDate}, 4) || ${born} || ${given}`), initials: 1 },
    { key: hash(scope, 'familyOfDay', `${born} || ${family}`), initials: 2 },
    { key: hash(scope, 'givenOfDay', `${born} || ${given}`), initials: 2 },
    { key: hash(scope, 'names', `${given} || '/' || ${family}`), initials: 0, isOfAnyDate: true },
  ]
}

/** Day and month of a date as text, the smaller number first. */
function unorderedDate(birthDate: string): string {
  const [month, day] = [`substr(${birthDate}, 6, 2)`, `substr(${birthDate}, 9, 2)`]
  return `least(${month}, ${day}) || greatest(${month}, ${day})`
}

/** The names of a record as SQL: as they are written, not their sounds. */
export type WrittenNameSql = { readonly birthDate: string; readonly given: string; readonly family: string }

/**
 * Keys of a held record by the first and the last word of names of several words; null for a name of one. Whoever comes in
 * with one of two family names, or without the second given name, is looked for by these.
 */
export function buildWordKeys(scope: KeyScope, { birthDate, given, family }: WrittenNameSql): readonly string[] {
  const sound = (name: string) => `rollbook_sound(${name})`
  const ofSeveral = (name: string, key: string) => `case when ${name} ~ '[ -]' then ${key} end`
  const names = (last: string) =>
    `case when ${given} ~ '[ -]' or ${family} ~ '[ -]' then ${hash(scope, 'names', `${sound(firstWord(given))} || '/' || ${sound(last)}`)} end`
  const born = `left(${birthDate}, 4) || ${unorderedDate(birthDate)}`
  const ofFamily = (last: string) => ofSeveral(family, hash(scope, 'family', `${born} || ${sound(last)}`))
  return [
    ofSeveral(given, hash(scope, 'given', `${born} || ${sound(firstWord(given))}`)),
    ofFamily(firstWord(family)),
    ofFamily(lastWord(family)),
    names(firstWord(family)),
    names(lastWord(family)),
  ]
}

function firstWord(name: string): string {
  return `split_part(translate(btrim(${name}), '-', ' '), ' ', 1)`
}

function lastWord(name: string): string {
  return `regexp_replace(btrim(${name}), '^.*[ -]', '')`
}

/** Keys of all else that a person shares with her duplicate, over the record or the staged row `alias`; `birthDate` as text. */
export function buildContactKeys(scope: KeyScope, alias: string, birthDate: string): MatchKeySql[] {
  const column = (aspect: MatchingAspect) => aspectColumn(scope.dataType, aspect, alias)
  const digits = `translate(${column('phone')}, ' ()-+./', '')`
  const street = column('street')
  const keys: readonly (readonly [aspect: MatchingAspect, value: string, initials?: 0 | 1])[] = [
    // A spreadsheet takes codes and ids of digits for numbers, and the zero at their beginning for nothing.
    ['postalCode', `${birthDate} || ltrim(rollbook_fold(${column('postalCode')}), '0')`, 1],
    ['school', `${birthDate} || ${column('school')}::text`, 1],
    ['email', `lower(btrim(${column('email')}))`],
    // With or without country and area code. Fewer digits are an extension.
    ['phone', `case when length(${digits}) >= 7 then right(${digits}, 7) end`],
    // House number and the first word: what follows is abbreviated, or an apartment.
    ['street', `rollbook_fold(coalesce(substring(lower(${street}) from '\\d+\\W+\\w+'), ${street}))`],
    ['username', `lower(btrim(${column('username')}))`],
    ['stateId', `ltrim(rollbook_fold(${column('stateId')}), '0')`],
    ['federatedId', `lower(btrim(${column('federatedId')}))`],
  ]
  return keys
    .filter(([aspect]) => isSingle(scope.dataType, aspect))
    .map(([aspect, value, initials = 0]): MatchKeySql => ({
      key: hash(scope, aspect, `nullif(${value}, '')`),
      initials,
    }))
}

/** A list has no one value to make a key of. */
function isSingle(dataType: DataType, aspect: MatchingAspect): boolean {
  const field = dataType.matching?.[aspect]
  return field !== undefined && dataType.fields[field]?.many !== true
}

/** Null stays null. The inner hash is of a literal, which PostgreSQL computes once. */
function hash({ districtId, dataType }: KeyScope, kind: string, value: string): string {
  return `hashtextextended(${value}, hashtextextended(${quoteLiteral(`${districtId}/${dataType.name}/${kind}`)}, 0))`
}
