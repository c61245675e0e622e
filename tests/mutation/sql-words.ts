/** A word, sign or literal of a piece of SQL; `text` is in lower case with single blanks. */
export type SqlWord = { readonly text: string; readonly start: number; readonly end: number }

/** Stands for what a template puts in. A letter, so that `k${at}.id` stays one word. */
const hole = '\u00a7'

const words =
  /'[^']*'|is\s+(?:not\s+)?(?:distinct\s+from|null|true|false)|not\s+(?:exists|in)\b|union(?:\s+all)?\b|(?:order|group)\s+by\b|(?:left|full|cross)\s+join\b|[\w\u00a7."]+|->>|->|#>>|#>|<>|<=|>=|\|\||\S/giu

/** The words of a piece of SQL, comments aside. What stands in `${…}` is a word, or a part of one, without a meaning. */
export function readSqlWords(sql: string): SqlWord[] {
  const masked = maskHoles(sql).replaceAll(/--[^\n]*/g, (comment) => ' '.repeat(comment.length))
  return [...masked.matchAll(words)].map(({ 0: text, index }) => ({
    text: text.toLowerCase().replaceAll(/\s+/g, ' '),
    start: index,
    end: index + text.length,
  }))
}

/** Every character of a `${…}` becomes a mark, so that places stay what they are. */
function maskHoles(sql: string): string {
  let masked = ''
  let depth = 0
  for (let at = 0; at < sql.length; at++) {
    const begins = sql.startsWith('${', at)
    if (begins || (depth > 0 && sql[at] === '{')) depth++
    masked += depth > 0 ? hole : (sql[at] ?? '')
    if (begins) masked += sql[++at] === undefined ? '' : hole
    else if (depth > 0 && sql[at] === '}') depth--
  }
  return masked
}
