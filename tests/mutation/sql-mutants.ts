import type { Mutant } from './mutant.ts'
import { listConditionMutants } from './sql-conditions.ts'
import { readSqlWords, type SqlWord } from './sql-words.ts'

/** What a word may be mistaken for. What turns a condition round is in sql-conditions.ts. */
const exchanged: Readonly<Record<string, string>> = {
  distinct: '',
  'left join': 'join',
  'full join': 'left join',
  join: 'left join',
  union: 'except',
  'union all': 'except',
  max: 'min',
  min: 'max',
  desc: '',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
}

const sqlWord =
  /\b(select|from|where|and|or|not|null|exists|join|case|when|coalesce|set|true|false|between|any|order by)\b|<>|[<>]=?/

/** Whether a string of a file below db/ is a piece of SQL, rather than a name or words for people. */
export function isSql(text: string): boolean {
  return sqlWord.test(text)
}

/** The faults of a piece of SQL that begins at `offset` of its file. */
export function listSqlMutants(sql: string, offset: number): Mutant[] {
  const words = readSqlWords(sql)
  const found = [...listExchanges(words), ...listArms(sql, words), ...listConditionMutants(words)]
  return found.map(({ start, end, replacement }) => ({ start: start + offset, end: end + offset, replacement }))
}

function listExchanges(words: readonly SqlWord[]): Mutant[] {
  return words.flatMap(({ text, start, end }, at): Mutant[] => {
    const next = words[at + 1]?.text
    // A lateral join has its condition inside: nothing is to be seen of which kind it is.
    if (text.endsWith('join') && next === 'lateral') return []
    if (text === 'order by') return [...listDirection(words, at)]
    const replacement = exchanged[text]
    return replacement === undefined ? [] : [{ start, end, replacement }]
  })
}

/** An order without a direction gets the other one. */
function* listDirection(words: readonly SqlWord[], at: number): Generator<Mutant> {
  const key = words[at + 1]
  const next = words[at + 2]?.text
  if (key !== undefined && next !== 'desc' && next !== '(' && next !== 'returning') {
    yield { start: key.end, end: key.end, replacement: ' desc' }
  }
}

/** `coalesce(a, b)` becomes each of its arms. */
function listArms(sql: string, words: readonly SqlWord[]): Mutant[] {
  return words.flatMap((word, at): Mutant[] => {
    if (word.text !== 'coalesce' || words[at + 1]?.text !== '(') return []
    const arms: string[] = []
    let depth = 0
    let from = words[at + 1]?.end ?? 0
    for (const { text, start, end } of words.slice(at + 1)) {
      if (text === '(') depth++
      if (depth === 1 && (text === ',' || text === ')')) {
        arms.push(sql.slice(from, start).trim())
        from = end
      }
      if (text === ')' && --depth === 0) {
        return arms.map((arm) => ({ start: word.start, end, replacement: `(${arm})` }))
      }
    }
    return []
  })
}
