import { sql, type Transaction } from 'kysely'
import { listNameVariants, type NameVariant } from '../../domain/matching/names/list-name-variants.ts'
import { listOtherForms } from '../../domain/matching/names/nicknames.ts'
import type { Person } from '../../domain/matching/person.ts'
import type { Database } from '../database.ts'
import { aspectColumn, buildContactKeys, buildNameKeys, type KeyScope, type MatchKeySql } from './match-key-sql.ts'

/** A staged row, with the other forms of its given name and the names she may be held under (both of domain/matching). */
export type SoughtRow = {
  readonly seq: number
  readonly otherForms: readonly string[]
  /** The first is the name itself in Latin letters. */
  readonly variants?: readonly NameVariant[]
}

/** What a person is looked for by. */
export function seekPerson(seq: number, person: Person): SoughtRow {
  return {
    seq,
    otherForms: listOtherForms(person.given?.words[0] ?? ''),
    variants: listNameVariants(person),
  }
}

export type CandidatePairs = { readonly seq: number; readonly recordIds: readonly string[] }

/**
 * A key that more held records have says nothing of any of them: the e-mail of an office, a number typed because the form
 * insists.
 */
const mostHolders = 60

/** Staged rows of a run, or held records by their ids: there `seq` is the place in the list. */
export type SoughtFrom = { readonly runId: string } | { readonly recordIds: readonly string[] }

/**
 * The held records that share a key with staged rows of a run, or with other held records (each leads to herself as well).
 * A name is also looked for with given and family name swapped, and under its other forms.
 */
export async function listCandidatePairs(
  trx: Transaction<Database>,
  { from, ...scope }: KeyScope & { readonly from: SoughtFrom },
  sought: readonly SoughtRow[],
): Promise<CandidatePairs[]> {
  const { dataType } = scope
  const column = (aspect: Parameters<typeof aspectColumn>[1]) => aspectColumn(dataType, aspect, 's')
  const byName = buildNameKeys(scope, { birthDate: 'n.born', given: 'n.given', family: 'n.family' })
  const contacts = buildContactKeys(scope, 's', `${column('birthDate')}::text`)
  const seqs = sought.map(({ seq }) => seq)
  const source =
    'runId' in from
      ? sql`select s.* from ${sql.table(dataType.stagedTable)} s
          where s.run_id = ${from.runId} and s.seq = any (${seqs}::integer[])`
      : sql`select r.*, (o.number - 1)::integer as seq from ${sql.table(dataType.table)} r
          join unnest(${from.recordIds}::uuid[]) with ordinality o (id, number) on o.id = r.id`
  const variants = sought.flatMap(({ seq, variants = [] }) =>
    variants.map((variant, number) => ({ seq, number, ...variant })),
  )
  const forms = sought.flatMap(({ seq, otherForms }) => otherForms.map((form) => [seq, form] as const))
  const { rows } = await sql<CandidatePairs>`
    with incoming as materialized (
      ${source}
    ), variants as materialized (
      select * from unnest(${variants.map(({ seq }) => seq)}::integer[], ${variants.map(({ number }) => number)}::integer[],
        ${variants.map(({ given }) => given)}::text[], ${variants.map(({ family }) => family)}::text[]) v (seq, number, given, family)
    ), sounds as materialized (
      select s.seq, rollbook_initial(coalesce(v.given, ${sql.raw(column('givenName'))})) as given_initial,
        rollbook_initial(coalesce(v.family, ${sql.raw(column('familyName'))})) as family_initial,
        ${sql.raw(column('birthDate'))}::date as birth_date, ${sql.raw(column('birthDate'))}::text as born,
        rollbook_sound(${sql.raw(column('givenName'))}) as given, rollbook_sound(${sql.raw(column('familyName'))}) as family,
        rollbook_sound(${sql.raw(column('preferredName'))}) as preferred
      from incoming s left join variants v on v.seq = s.seq and v.number = 0
    ), named as (
      select s.seq, s.birth_date, s.born, v.given, v.family, false as is_other_form
      from sounds s cross join lateral (values (s.given, s.family), (s.family, s.given), (s.preferred, s.family))
        v (given, family)
      union
      select s.seq, s.birth_date, s.born, rollbook_sound(v.given), rollbook_sound(v.family), false
      from variants v join sounds s on s.seq = v.seq
      union all
      select distinct s.seq, s.birth_date, s.born, rollbook_sound(f.form), s.family, true
      from unnest(${forms.map(([seq]) => seq)}::integer[], ${forms.map(([, form]) => form)}::text[]) f (seq, form)
      join sounds s on s.seq = f.seq
    ), probes as (
      select n.seq, k.key, k.initials, case when k.is_of_any_date then n.birth_date end as near_date
      from named n cross join lateral (values ${sql.raw(listKeys(byName))}) k (key, initials, is_of_any_date)
      -- With the right birth date, another form of the given name is found by the family name.
      where k.key is not null and (k.is_of_any_date or not n.is_other_form)
      union
      select s.seq, k.key, k.initials, null
      from incoming s cross join lateral (values ${sql.raw(listKeys(contacts))}) k (key, initials, is_of_any_date)
      where k.key is not null
    ), found as (
      select p.seq, p.key, m.record_id, count(*) over (partition by p.seq, p.key) as holders,
        p.initials <= greatest((m.given_initial = s.given_initial)::integer + (m.family_initial = s.family_initial)::integer,
          (m.given_initial = s.family_initial)::integer + (m.family_initial = s.given_initial)::integer) as is_enough
      from probes p join sounds s on s.seq = p.seq cross join lateral (
        select k.record_id, k.given_initial, k.family_initial from match_keys k
        where k.key = p.key
          -- The same names with another birth date are another person, unless one part of the date was typed wrong.
          and (p.near_date is null or k.birth_date is null or ${sql.raw(areDatesNear('p.near_date', 'k.birth_date'))})
        limit ${mostHolders + 1}
      ) m
    ), pairs as (
      select seq, record_id from found where holders <= ${mostHolders} group by seq, record_id
      having bool_or(is_enough) or count(distinct key) > 1
    )
    select seq, array_agg(record_id) as "recordIds" from pairs group by seq order by seq`.execute(trx)
  return rows
}

function listKeys(keys: readonly MatchKeySql[]): string {
  return keys.map(({ key, initials, isOfAnyDate }) => `(${key}, ${initials}, ${isOfAnyDate === true})`).join(', ')
}

/**
 * Two of three parts agree, or day and month are exchanged; or it is the next day, the day that a spreadsheet of another
 * system counts, or the first of January in one of them.
 */
function areDatesNear(a: string, b: string): string {
  const part = (date: string, name: string) => `extract(${name} from ${date})`
  const isSame = (name: string) => `(${part(a, name)} = ${part(b, name)})`
  return `(${isSame('year')}::integer + ${isSame('month')}::integer + ${isSame('day')}::integer >= 2
    or (${isSame('year')} and ${part(a, 'month')} = ${part(b, 'day')} and ${part(a, 'day')} = ${part(b, 'month')})
    or abs(${a} - ${b}) in (1, 1462) or (${isSame('year')} and 1 in (${part(a, 'doy')}, ${part(b, 'doy')})))`
}
