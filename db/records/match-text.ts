import { sql, type RawBuilder } from 'kysely'
import { columnOf, lookUpFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import { foldedColumn } from '../fields/field-sql.ts'

/**
 * Whether the record `r` is one that somebody may mean who typed this text: it is the beginning of one of its ids, of its
 * e-mail address, or of its name, whatever the accents, the case and what stands between the letters; of a person also the
 * beginnings of both names in either order; or it is an id that was merged into the record. Each is a range of a stored
 * key, so that nothing typed is a pattern, and each is answered by an index.
 */
export function matchText(dataType: DataType, text: string): RawBuilder<boolean> {
  const { names, email } = lookUpFields(dataType)
  const ids = [...new Set([text, text.toLowerCase(), text.toUpperCase()])]
  const byId = dataType.matchKeys.flatMap((key) => ids.map((id) => startsWith(columnOf(key), sql`${id}::text`)))
  const alias = sql<boolean>`r.id = any (array(select a.record_id from record_aliases a
    where a.data_type = ${dataType.name} and a.field = any (${dataType.matchKeys}::text[]) and a.value = ${text}))`
  // The index is read from end to end for an address: only for what is one.
  if (text.includes('@')) {
    const byEmail = email === undefined ? [] : [startsWith(foldedColumn(email), sql`left(lower(${text}::text), 120)`)]
    return anyOf([...byId, alias, ...byEmail])
  }
  return anyOf([...byId, alias, ...matchNames(names, text)])
}

/** More words are one name of many, and not to be divided in every way. */
const mostWords = 6

function matchNames(names: readonly string[], text: string): RawBuilder<boolean>[] {
  const [first, second] = names
  if (first === undefined) return []
  const whole = startsWithName(first, text)
  // For the second name alone the index is read from end to end: not for a number, which is an id.
  if (second === undefined || /\d/.test(text)) return [whole]
  const both = listDivisions(text).flatMap(([before, after]) => [
    sql<boolean>`(${startsWithName(first, before)} and ${startsWithName(second, after)})`,
    sql<boolean>`(${startsWithName(first, after)} and ${startsWithName(second, before)})`,
  ])
  return [whole, startsWithName(second, text), ...both]
}

/** Where a text may go from one name to the other: at its comma, else between any two words. */
function listDivisions(text: string): (readonly [before: string, after: string])[] {
  const comma = text.indexOf(',')
  if (comma !== -1) return [[text.slice(0, comma), text.slice(comma + 1)]]
  const words = text.split(/\s+/)
  if (words.length > mostWords) return []
  return words.slice(1).map((_, at) => [words.slice(0, at + 1).join(' '), words.slice(at + 1).join(' ')])
}

function startsWithName(field: string, text: string): RawBuilder<boolean> {
  const key = sql`rollbook_search_key(${text}::text)`
  // Of signs alone nothing is left, with which everything begins.
  return sql`(${key} <> '' and ${startsWith(foldedColumn(field), key)})`
}

/** In the order of bytes nothing that begins with the key comes behind the key and the last sign there is. */
function startsWith(column: string, key: RawBuilder<unknown>): RawBuilder<boolean> {
  const held = sql.ref(`r.${column}`)
  return sql`(${held} >= ${key} and ${held} < ${key} || chr(1114111))`
}

function anyOf(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return sql`(${sql.join(conditions, sql` or `)})`
}
