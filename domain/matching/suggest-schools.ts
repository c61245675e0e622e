import { compareSchoolNames, readSchoolName, type SchoolName } from './names/read-school-name.ts'

/** Why two schools are taken for one, the surest first. */
export const schoolReasons = ['sameNcesId', 'sameStateId', 'sameKey', 'sameNumber', 'sameName', 'similarName'] as const
export type SchoolReason = (typeof schoolReasons)[number]

/** What a school is known by, at its source or with us; '' where it has none of that kind. */
export type SchoolIdentity = {
  /** Of the source, or the id of ours. */
  readonly id: string
  readonly sourceKey: string
  readonly name: string
  readonly type: string
  /** Its number in its own system, which may be any of the others too. */
  readonly identifier: string
  readonly ncesId: string
  readonly stateId: string
  readonly isActive: boolean
}

export type SchoolSuggestion = {
  readonly sourceId: string
  readonly ourId: string
  readonly reason: SchoolReason
  /** Of the names, from 0 to 1. */
  readonly likeness: number
}

const leastLikeness = 0.8
/** A number or key of a few characters is soon another school's of another system, unless the names agree a little. */
const leastForShort = 0.5
const shortId = 4
/** Two that are nearly as good are two to choose from. */
const margin = 0.05

/**
 * For each school of a source, in any order, at most one of ours, and none of ours twice. Nothing is suggested where two are as
 * good as each other: a match is one person's decision, and a suggestion that is accepted unread must be right.
 */
export function suggestSchools(
  sources: readonly SchoolIdentity[],
  ours: readonly SchoolIdentity[],
): SchoolSuggestion[] {
  const pairs = listPairs(sources.map(readSchool), ours.map(readSchool))
  const suggestions: SchoolSuggestion[] = []
  const taken = new Set<string>()
  const known = new Set<string>()
  for (const reason of schoolReasons) {
    const open = pairs.filter((pair) => pair.reason === reason && !known.has(pair.sourceId) && !taken.has(pair.ourId))
    for (const pair of open) {
      const rivals = open.filter((other) => (other.sourceId === pair.sourceId) !== (other.ourId === pair.ourId))
      if (rivals.some((other) => other.weight > pair.weight - margin)) continue
      suggestions.push({ sourceId: pair.sourceId, ourId: pair.ourId, reason, likeness: pair.likeness })
      known.add(pair.sourceId)
      taken.add(pair.ourId)
    }
  }
  return suggestions
}

type Read = SchoolIdentity & {
  readonly read: SchoolName
  readonly nces: string
  readonly state: string
  readonly numbers: readonly string[]
}
type Pair = SchoolSuggestion & { readonly weight: number }

function readSchool(school: SchoolIdentity): Read {
  const [identifier, state] = [bare(school.identifier), bare(school.stateId)]
  // Twelve digits of a school are its NCES id, wherever they stand; leading zeros are part of it.
  const digits = school.identifier.replaceAll(/[\s-]/g, '')
  const nces = school.ncesId || (/^\d{12}$/.test(digits) && school.type === 'school' ? digits : '')
  return {
    ...school,
    read: readSchoolName(school.name),
    nces: bare(nces),
    state,
    numbers: [identifier, state].filter((id) => id !== ''),
  }
}

/** Spreadsheets take leading zeros away, and systems write dashes between. */
function bare(id: string): string {
  return id
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replace(/^0+/, '')
}

/** Those that may be one school, found by what they share, because all with all would be millions of pairs. */
function listPairs(sources: readonly Read[], ours: readonly Read[]): Pair[] {
  const byMark = new Map<string, Read[]>()
  for (const school of ours) {
    for (const mark of listMarks(school)) byMark.set(mark, [...(byMark.get(mark) ?? []), school])
  }
  return sources.flatMap((source) => {
    const candidates = new Set([...listMarks(source)].flatMap((mark) => byMark.get(mark) ?? []))
    return [...candidates].flatMap((school) => compare(source, school) ?? [])
  })
}

function listMarks({ type, read, nces, numbers, sourceKey }: Read): ReadonlySet<string> {
  const marks = [nces && `nces ${nces}`, ...numbers.map((id) => `number ${id}`), `key ${sourceKey}`]
  const words = read.words.map((word) => `word ${word.slice(0, 3)}`)
  return new Set([...marks, ...words].filter((mark) => mark !== '').map((mark) => `${type} ${mark}`))
}

function compare(source: Read, ours: Read): Pair | undefined {
  const likeness = compareSchoolNames(source.read, ours.read)
  const reason = findReason(source, ours, likeness)
  if (reason === undefined) return undefined
  const weight = likeness + (source.isActive === ours.isActive ? 2 * margin : 0)
  return { sourceId: source.id, ourId: ours.id, reason, likeness: Math.round(likeness * 100) / 100, weight }
}

function findReason(source: Read, ours: Read, likeness: number): SchoolReason | undefined {
  if (source.nces !== '' && ours.nces !== '') return source.nces === ours.nces ? 'sameNcesId' : undefined
  if (source.state !== '' && source.state === ours.state) return 'sameStateId'
  const isSure = (id: string) => id.length >= shortId || likeness >= leastForShort
  if (source.sourceKey === ours.sourceKey && isSure(source.sourceKey)) return 'sameKey'
  if (source.numbers.some((id) => ours.numbers.includes(id) && isSure(id))) return 'sameNumber'
  // Two ids of one kind that differ are two schools, however alike their names.
  if (source.state !== '' && ours.state !== '') return undefined
  if (likeness === 1) return 'sameName'
  return likeness >= leastLikeness ? 'similarName' : undefined
}
