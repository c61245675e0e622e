import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { quoteName } from '../staging/staged-parts.ts'
import { aspectColumn, buildContactKeys, buildNameKeys, type KeyScope } from './match-key-sql.ts'

export type CandidatePairs = { readonly seq: number; readonly recordIds: readonly string[] }

/**
 * A key that more held records have says nothing of any of them: the e-mail of an office, a number typed because the form
 * insists.
 */
const mostHolders = 60

/**
 * The held records that share a key with staged rows of a run. A name is also looked for with given and family name
 * swapped, and under its other forms (table match_forms of findCandidates).
 */
export async function listCandidatePairs(
  trx: Transaction<Database>,
  request: KeyScope & { readonly runId: string; readonly dataType: DataType },
  seqs: readonly number[],
): Promise<CandidatePairs[]> {
  const { dataType } = request
  const column = (aspect: Parameters<typeof aspectColumn>[1]) => aspectColumn(dataType, aspect, 's')
  const byName = buildNameKeys(request, { birthDate: 'n.born', given: 'n.given', family: 'n.family' })
  const contacts = buildContactKeys(request, 's', `${column('birthDate')}::text`)
  const { rows } = await sql<CandidatePairs>`
    with incoming as materialized (
      select s.* from ${sql.table(dataType.stagedTable)} s
      where s.run_id = ${request.runId} and s.seq = any (${seqs}::integer[])
    ), sounds as materialized (
      select s.seq, ${sql.raw(column('birthDate'))}::date as birth_date, ${sql.raw(column('birthDate'))}::text as born,
        rollbook_sound(${sql.raw(column('givenName'))}) as given, rollbook_sound(${sql.raw(column('familyName'))}) as family,
        rollbook_sound(${sql.raw(column('preferredName'))}) as preferred,
        rollbook_fold(split_part(${sql.raw(column('givenName'))}, ' ', 1)) as first_name
      from incoming s
    ), named as (
      select s.seq, s.birth_date, s.born, v.given, v.family
      from sounds s cross join lateral (values (s.given, s.family), (s.family, s.given), (s.preferred, s.family))
        v (given, family)
      union all
      select s.seq, s.birth_date, s.born, f.sound, s.family from sounds s join match_forms f on f.name = s.first_name
    ), probes as (
      select n.seq, k.key, n.birth_date, k.is_name
      from named n cross join lateral (values
        (${sql.raw(byName['family'] ?? '')}, false), (${sql.raw(byName['given'] ?? '')}, false),
        (${sql.raw(byName['names'] ?? '')}, true)
      ) k (key, is_name)
      where k.key is not null
      union
      select s.seq, k.key, null, false
      from incoming s cross join lateral (values ${sql.raw(contacts.map((key) => `(${key})`).join(', '))}) k (key)
      where k.key is not null
    ), found as (
      select p.seq, m.record_id, count(*) over (partition by p.seq, p.key) as holders
      from probes p cross join lateral (
        select k.record_id from match_keys k
        where k.key = p.key
          -- The same names with another birth date are another person, unless one part of the date was typed wrong.
          and (not p.is_name or p.birth_date is null or k.birth_date is null or ${sql.raw(areDatesNear('p', 'k'))})
        limit ${mostHolders + 1}
      ) m
    )
    select seq, array_agg(distinct record_id) as "recordIds" from found where holders <= ${mostHolders} group by seq
    order by seq`.execute(trx)
  return rows
}

/** Two of three parts agree, or day and month are exchanged. */
function areDatesNear(a: string, b: string): string {
  const part = (alias: string, name: string) => `extract(${name} from ${quoteName(alias)}.birth_date)`
  const isSame = (name: string) => `(${part(a, name)} = ${part(b, name)})`
  return `(${isSame('year')}::integer + ${isSame('month')}::integer + ${isSame('day')}::integer >= 2
    or (${isSame('year')} and ${part(a, 'month')} = ${part(b, 'day')} and ${part(a, 'day')} = ${part(b, 'month')}))`
}
