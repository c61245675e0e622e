import type { Comparison } from './compare-people.ts'
import type { MatchingAspect, MatchingFields } from './matching-aspects.ts'

/** The aspects that are told, those that weigh most first. Race, ethnicity and language weigh next to nothing. */
const toldAspects: readonly (readonly [keyof Comparison, MatchingAspect])[] = [
  ['stateId', 'stateId'],
  ['federatedId', 'federatedId'],
  ['username', 'username'],
  ['given', 'givenName'],
  ['family', 'familyName'],
  ['birthDate', 'birthDate'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['address', 'street'],
  ['middle', 'middleName'],
  ['school', 'school'],
  ['grade', 'gradeLevel'],
  ['sex', 'sex'],
]

/** How a level short of equal reads after the name of its field. */
const nearWords: Readonly<Record<string, string>> = {
  nickname: 'is another form of the same name',
  near: 'differs by a typing error',
  typo: 'differs by a typing error',
  short: 'is a shorter form',
  initial: 'has the same initial',
  middle: 'is the middle name of the other',
  crossed: 'changed places with the middle name',
  similar: 'is similar',
  part: 'has a part in common',
  transposed: 'has day and month exchanged',
  sameDay: 'has another year',
  twoParts: 'differs in the day or the month',
  newYear: 'is the first of January in one of them',
  local: 'is the same before the @',
  adjacent: 'is one year apart',
}

/** Levels that count as agreement; `similar` and less do not. */
const agreeing = new Set([
  'exact',
  'nickname',
  'near',
  'typo',
  'short',
  'initial',
  'part',
  'transposed',
  'local',
  'crossed',
  'swapped',
])

/** Names of the data type's fields that agree, wholly or nearly. */
export function listEvidence(comparison: Comparison, fields: MatchingFields): string[] {
  return toldAspects.flatMap(([key, aspect]) => {
    const field = fieldOf(key, aspect, fields)
    return field !== undefined && agreeing.has(String(comparison[key])) ? [field] : []
  })
}

/** Same birth date and family name and another given name: the look of twins. */
export function isTwinLike({ given, family, birthDate }: Comparison): boolean {
  const isFamily = family === 'exact' || family === 'near' || family === 'part'
  const isOtherName = given === 'different' || given === 'similar' || given === 'middle'
  return birthDate === 'exact' && isFamily && isOtherName
}

/** One sentence on what agrees, nearly agrees and differs, by the names of fields. */
export function describeCandidate(comparison: Comparison, fields: MatchingFields): string {
  const same: string[] = []
  const near: string[] = []
  const other: string[] = []
  for (const [key, aspect] of toldAspects) {
    const level = String(comparison[key])
    const field = fieldOf(key, aspect, fields)
    if (field === undefined || level === 'missing' || level === 'swapped') continue
    const words = nearWords[level]
    if (level === 'exact') same.push(field)
    else if (words === undefined) other.push(field)
    else near.push(`${field} ${words}`)
  }
  const { givenName = 'givenName', familyName = 'familyName' } = fields
  const parts = [
    ...(same.length > 0 ? [`the same ${joinNames(same)}`] : []),
    ...(comparison.given === 'swapped' ? [`${givenName} and ${familyName} changed places`] : []),
    ...near,
    ...(other.length > 0 ? [`another ${joinNames(other)}`] : []),
    ...(isTwinLike(comparison) ? ['this may be a twin'] : []),
  ]
  const sentence = parts.join('; ')
  return sentence === '' ? 'Nothing is known of both.' : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

function fieldOf(key: keyof Comparison, aspect: MatchingAspect, fields: MatchingFields): string | undefined {
  if (key === 'address') return fields.street ?? fields.postalCode ?? fields.city
  if (key === 'grade') return fields.gradeLevel ?? fields.classYear
  return fields[aspect]
}

function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}
