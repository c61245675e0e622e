import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { MatchingAspect } from '../../domain/matching/matching-aspects.ts'
import type { Database } from '../database.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { writeLatinNames } from './latin-names.ts'
import { aspectColumn, buildContactKeys, buildNameKeys, buildWordKeys, type KeyScope } from './match-key-sql.ts'

/**
 * Brings the keys by which held records are found up to date with the records: those that are new or changed since the
 * last time get theirs, in one statement, in the caller's transaction (give it 256 MB of work_mem). Keys that no longer
 * apply stay: an e-mail address of old still leads to a person, and every candidate is compared by today's values.
 * Returns how many records got keys. The first time for a million records takes about half a minute, later a second.
 */
export async function refreshMatchKeys(trx: Transaction<Database>, scope: KeyScope): Promise<number> {
  const { districtId, dataType } = scope
  // Two runs of one district must not both make all keys.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`match/${districtId}/${dataType.name}`}, 0))`.execute(trx)
  const known = await trx
    .selectFrom('matchRecords')
    .select('recordId')
    .where('dataType', '=', dataType.name)
    .limit(1)
    .executeTakeFirst()
  const isFirst = known === undefined
  const refreshed = await insertKeys(trx, scope, isFirst)
  if (refreshed === 0) return 0
  const { heldCount } = await getCounted(trx, dataType)
  // Frequencies change slowly: they are counted anew when a tenth of the records is new or changed.
  if (isFirst || refreshed * 10 > heldCount) {
    await countNames(trx, scope)
    await trx.deleteFrom('matchStrangers').where('dataType', '=', dataType.name).execute()
    await sql`analyze match_keys, match_records`.execute(trx)
  }
  return refreshed
}

async function getCounted(trx: Transaction<Database>, dataType: DataType): Promise<{ heldCount: number }> {
  const row = await trx
    .selectFrom('matchNames')
    .select('holders')
    .where('dataType', '=', dataType.name)
    .where('name', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return { heldCount: row?.holders ?? 0 }
}

async function insertKeys(trx: Transaction<Database>, scope: KeyScope, isFirst: boolean): Promise<number> {
  const { dataType } = scope
  const district = `${quoteLiteral(scope.districtId)}::uuid`
  const type = quoteLiteral(dataType.name)
  const column = (aspect: MatchingAspect) => aspectColumn(dataType, aspect, 'r')
  const names = buildNameKeys(scope, { birthDate: 'r.born', given: 'r.given_sound', family: 'r.family_sound' })
  const words = buildWordKeys(scope, { birthDate: 'r.born', given: 'r.given_written', family: 'r.family_written' })
  const keys = [...[...names, ...buildContactKeys(scope, 'r', 'r.born')].map(({ key }) => key), ...words]
  const hasLatinNames = await writeLatinNames(trx, scope)
  const written = (name: 'given' | 'family') => {
    const raw = column(`${name}Name`)
    return hasLatinNames ? `coalesce(latin.${name}, ${raw})` : raw
  }
  const isKnown = isFirst ? '' : `and not coalesce(known.is_there, false)`
  // "limit" keeps the planner, which cannot know how few are stale, from reading every key there is.
  const lookup = isFirst
    ? ''
    : `left join lateral (select true as is_there from match_keys k
          where k.key = made.key and k.record_id = made.record_id limit 1) known on true`
  // "offset 0" has what several keys are made of computed once. Sorted by key, each goes to the end of the index and
  // not to a page of its own.
  const { rows } = await sql
    .raw<{ count: number }>(
      `with stale as materialized (
        select r.id, r.revision, ${column('birthDate')}::date as birth_date, rollbook_initial(r.given_written) as given_initial,
          rollbook_initial(r.family_written) as family_initial, array[${keys.join(',\n          ')}] as keys
        from (
          select r.*, ${column('birthDate')}::text as born, ${written('given')} as given_written,
            ${written('family')} as family_written, rollbook_sound(${written('given')}) as given_sound,
            rollbook_sound(${written('family')}) as family_sound
          from ${quoteName(dataType.table)} r
          left join match_records m on m.record_id = r.id
          ${hasLatinNames ? 'left join latin_names latin on latin.record_id = r.id' : ''}
          where r.district_id = ${district} and m.revision is distinct from r.revision
          offset 0
        ) r
      ), kept as (
        insert into match_keys (district_id, key, record_id, birth_date, given_initial, family_initial)
        select ${district}, key, record_id, birth_date, given_initial, family_initial
        from (select id as record_id, birth_date, given_initial, family_initial, unnest(keys) as key from stale) made
        ${lookup}
        where key is not null ${isKnown}
        order by key
      ), marked as (
        insert into match_records (district_id, data_type, record_id, revision)
        select ${district}, ${type}, id, revision from stale
        on conflict (record_id) do update set revision = excluded.revision
      )
      select count(*) from stale`,
    )
    .execute(trx)
  return rows[0]?.count ?? 0
}

/** Of these a value counts that so large a share of the records has; the others are rare, whatever their number. */
const countedFrom: readonly (readonly [MatchingAspect, share: number])[] = [
  ['givenName', 1 / 20_000],
  ['familyName', 1 / 20_000],
  ['school', 1 / 20_000],
  // Five times what is usual.
  ['birthDate', 1 / 1000],
]

async function countNames(trx: Transaction<Database>, { districtId, dataType }: KeyScope): Promise<void> {
  await trx.deleteFrom('matchNames').where('dataType', '=', dataType.name).execute()
  for (const [aspect, share] of countedFrom) {
    const field = dataType.matching?.[aspect]
    if (field === undefined || dataType.fields[field]?.many === true) continue
    const name = sql.ref(columnOf(field))
    await sql`
      insert into match_names (district_id, data_type, aspect, name, holders)
      select ${districtId}::uuid, ${dataType.name}, ${aspect}, name::text, holders
      from (select ${name} as name, count(*) as holders, sum(count(*)) over () as total
        from ${sql.table(dataType.table)} where district_id = ${districtId} and ${name} is not null group by ${name}) counted
      where holders >= total * ${share}::float8
      union all
      select ${districtId}::uuid, ${dataType.name}, ${aspect}, null, count(*)
      from ${sql.table(dataType.table)} where district_id = ${districtId}`.execute(trx)
  }
}
