import { getDataType } from '../../domain/data-types/registry.ts'
import { quoteLiteral } from './quote-literal.ts'
import { quoteName } from './field-sql.ts'

/**
 * How references to records are found (those to orgs: find-schools-sql.ts): by the source's key among the records we hold, active ones before the others. A key that two
 * of them have leads nowhere, because it may be either; one that was merged away leads to whom it was merged into.
 * `district` is SQL of its id.
 */

/** Asked one by one below so many rows, else the whole table is read once. */
export const fewRows = 20_000

/**
 * Finds what `key` (SQL) refers to: what to join, and the id as SQL. The join adds no row and loses none.
 */
export function joinReference(
  targets: readonly string[],
  { key, alias, district, isFew }: { key: string; alias: string; district: string; isFew: boolean },
): { readonly joins: readonly string[]; readonly id: string } {
  const joins = targets.map((target, at) => {
    const name = quoteName(`${alias}_${at}`)
    return isFew
      ? `left join lateral (${selectRecords(target, district, `= ${key}`)}) ${name} on true`
      : `left join (${selectRecords(target, district, 'is not null')}) ${name} on ${name}.source_key = ${key}`
  })
  const found = targets.map((_, at) => `${quoteName(`${alias}_${at}`)}.id`)
  return { joins, id: firstFound(found, targets, key, district) }
}

/** `ids`, in the order of the keys and each once, and `is_lost`, true when a key leads nowhere: of the list `keys` (SQL). */
export function joinReferenceList(
  targets: readonly string[],
  { keys, alias, district }: { keys: string; alias: string; district: string },
): string {
  const found = targets.map((target) => `(select f.id from (${selectRecords(target, district, '= k.key')}) f)`)
  return `left join lateral (
      select array_agg(id order by place) filter (where id is not null) as ids, coalesce(bool_or(id is null), false) as is_lost
      from (
        select ${firstFound(found, targets, 'k.key', district)} as id, min(k.place) as place
        from unnest(${keys}) with ordinality k (key, place) group by 1
      ) each
    ) ${quoteName(alias)} on ${keys} is not null`
}

function selectRecords(target: string, district: string, condition: string): string {
  return `select source_key,
        case when count(*) filter (where status = 'active') = 1 then (array_agg(id) filter (where status = 'active'))[1]
          when count(*) = 1 then (array_agg(id))[1] end as id
      from ${quoteName(getDataType(target).table)}
      where district_id = ${district} and source_key ${condition} group by source_key`
}

function firstFound(found: readonly string[], targets: readonly string[], key: string, district: string): string {
  const types = targets.map(quoteLiteral)
  return `coalesce(${found.join(', ')}, (
        select a.record_id from record_aliases a
        where a.district_id = ${district} and a.data_type in (${types.join(', ')}) and a.field = 'sourceKey' and a.value = ${key}
        limit 1))`
}
