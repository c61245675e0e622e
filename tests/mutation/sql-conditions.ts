import type { Mutant } from './mutant.ts'
import type { SqlWord } from './sql-words.ts'

/** Words that end a condition, and after which the next may begin. */
const borders = new Set(
  `select from where on when then else having order group limit offset union returning for join set as with values into
  using insert update lateral , ; order_by`.split(/\s+/),
)
const isBorder = ({ text }: SqlWord) => borders.has(text) || / (join|by|all)$/.test(text)

/** The opposite of a word. */
const turned: Readonly<Record<string, string>> = {
  'is null': 'is not null',
  'is not null': 'is null',
  'is true': 'is not true',
  'is not true': 'is true',
  'is distinct from': 'is not distinct from',
  'is not distinct from': 'is distinct from',
  exists: 'not exists',
  'not exists': 'exists',
  'not in': 'in',
  not: '',
  true: 'false',
  false: 'true',
  '<>': '=',
  '=': '<>',
  "'active'": "'inactive'",
  "'inactive'": "'active'",
}

/** `isDistrict`: says which district; row-level security shows no other, so the condition is there for an index alone. */
type Part = { readonly start: number; readonly end: number; readonly isDistrict: boolean }
type Room = {
  /** The word after which the condition begins; '' at the beginning of a piece or a bracket. */
  after: string
  /** `set`, where an equals sign gives a value. */
  clause: string
  start: number
  last: number
  isDistrict: boolean
  connectors: SqlWord[]
  parts: Part[]
  turns: Mutant[]
  isBetween: boolean
}

/**
 * The faults of its conditions: of several parts each dropped, a sole one turned round or decided, a branch never taken.
 * Whoever notices that a part is gone notices as well that it is turned round, or joined by `or` for `and`.
 */
export function listConditionMutants(words: readonly SqlWord[]): Mutant[] {
  const found: Mutant[] = []
  const isAssignment =
    words.some(({ text }) => text === ',') && !words.some(({ text }) => /^(where|and|or|on)$/.test(text))
  let room = openRoom('', 0)
  const outer: Room[] = []
  for (const [at, word] of words.entries()) {
    if (word.text === '(' || word.text === 'case') {
      outer.push(room)
      room = openRoom('', word.end)
    } else if (word.text === ')' || word.text === 'end') {
      found.push(...closeCondition(room))
      room = outer.pop() ?? openRoom('', word.end)
      room.last = word.end
    } else if (isBorder(word)) {
      found.push(...closeCondition(room))
      const clause = word.text === ',' ? room.clause : word.text
      room = { ...openRoom(word.text, word.end), clause }
    } else if (isConnector(word) && !room.isBetween) {
      room.connectors.push(word)
      room.parts.push({ start: room.start, end: room.last, isDistrict: room.isDistrict })
      room.start = word.end
      room.isDistrict = false
    } else {
      if (/(^|\.)district_id$/.test(word.text)) room.isDistrict = true
      if (word.text === 'between') room.isBetween = true
      else if (word.text === 'and') room.isBetween = false
      const opposite = turned[word.text]
      if (
        opposite !== undefined &&
        !(word.text === '=' && (isAssignment || room.clause === 'set' || words[at + 1]?.text === 'case'))
      )
        room.turns.push({ start: word.start, end: word.end, replacement: opposite })
      room.last = word.end
    }
  }
  for (const open of [room, ...outer]) found.push(...closeCondition(open))
  return found
}

function openRoom(after: string, start: number): Room {
  return {
    after,
    clause: '',
    start,
    last: start,
    isDistrict: false,
    connectors: [],
    parts: [],
    turns: [],
    isBetween: false,
  }
}

function isConnector({ text }: SqlWord): boolean {
  return text === 'and' || text === 'or'
}

function* closeCondition({ after, start, last, isDistrict, connectors, parts, turns }: Room): Generator<Mutant> {
  if (last <= start) return
  const all = [...parts, { start, end: last, isDistrict }]
  const end = last
  if (after === 'when') yield { start: all[0]?.start ?? start, end, replacement: ' false' }
  if (after === 'where' && all.length === 1) yield { start, end, replacement: ' true' }
  if (all.length === 1) yield* turns
  for (const [at, connector] of connectors.entries()) {
    const [before, behind] = [all[at], all[at + 1]]
    if (at === 0 && before?.isDistrict === false) yield { start: before.start, end: connector.end, replacement: '' }
    if (behind?.isDistrict === false) yield { start: connector.start, end: behind.end, replacement: '' }
  }
}
