import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { isDoubtful } from '../../domain/matching/doubt-match.ts'
import type { AspectValues } from '../../domain/matching/matching-aspects.ts'
import { readPerson } from '../../domain/matching/person.ts'
import { describePair, type Candidate } from '../../domain/matching/rank-candidates.ts'
import { scoreCandidate } from '../../domain/matching/score-candidate.ts'
import type { Database } from '../database.ts'
import { partBit } from '../staging/staged-parts.ts'
import { incomingKeyOf } from './incoming-key.ts'
import { readFrequencies } from './read-frequencies.ts'
import { readHeldPeople, selectAspects } from './read-people.ts'

/** A planned update whose exact key names a record of somebody else, it seems; `candidate` is that record. */
export type Doubt = { readonly seq: number; readonly candidate: Candidate }

export type DoubtRequest = {
  readonly runId: string
  readonly planNo: number
  readonly dataType: DataType
  readonly pageSize?: number
}

/**
 * Updates of a plan that an exact key matched although the rest says that it is somebody else: a sibling, a namesake, a
 * stranger. An exact key is evidence and no proof, and is weighed with everything else that is
 * known of both. Looks only at rows that would change a name, the birth date or a key, which are few, page by page.
 */
export async function* findDoubts(
  trx: Transaction<Database>,
  { runId, planNo, dataType, pageSize = 1000 }: DoubtRequest,
): AsyncGenerator<Doubt> {
  const fields = dataType.matching
  if (fields === undefined) return
  const { givenName, familyName, birthDate } = fields
  const telling = [givenName, familyName, birthDate].filter((field) => field !== undefined)
  const keys = [...dataType.matchKeys]
  const frequencies = await readFrequencies(trx, dataType)
  for (let afterSeq = -1; ;) {
    const { rows } = await sql<{ seq: number; recordId: string; keysDisagree: boolean } & AspectValues>`
      select p.seq, p.record_id as "recordId", ${isChanged(keys)} and ${isNotGiven(runId)} as "keysDisagree",
        ${selectAspects(fields, 's')}
      from plan_rows p join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
      where p.run_id = ${runId} and p.plan_no = ${planNo} and p.seq > ${afterSeq}
        and p.action in ('update', 'reactivate') and ${isChanged([...telling, ...keys])}
        -- A supplement alone belongs to a row that is the same as ever.
        and s.parts & ${partBit.primary} <> 0
      order by p.seq limit ${pageSize}`.execute(trx)
    const last = rows.at(-1)
    if (last === undefined) return
    const held = await readHeldPeople(
      trx,
      dataType,
      fields,
      rows.map(({ recordId }) => recordId),
    )
    for (const row of rows) {
      const person = held.get(row.recordId)?.person
      if (person === undefined) continue
      const pair = scoreCandidate(readPerson(row), person, frequencies)
      if (!isDoubtful(pair, frequencies.heldCount, row.keysDisagree ? 'disagree' : 'agree')) continue
      yield { seq: row.seq, candidate: describePair(row.recordId, pair, fields) }
    }
    afterSeq = last.seq
  }
}

/** One of the fields had a value and gets another one, capital letters aside. */
function isChanged(fields: readonly string[]) {
  return sql`exists (select from unnest(${[...fields]}::text[]) field
        where lower(p.changes -> field ->> 0) <> lower(p.changes -> field ->> 1))`
}

/** Who comes in under an alias differs in that id for a known reason: a person said whose it is. */
function isNotGiven(runId: string) {
  return sql`not exists (select from given_matches given where given.run_id = ${runId} and given.seq = p.seq)`
}

export type KnownKey = {
  readonly seq: number
  /** Names the incoming record: its first key, or the next that it has. */
  readonly incomingKey: string
  readonly field: string
  readonly recordId: string
}

/**
 * For rows of the plan that were skipped because their ids lead to different records: which record each key leads to, be
 * it by an alias. In the order of `incomingKey` and of the keys; `limit` rows of the plan at most.
 */
export async function listKnownKeys(
  trx: Transaction<Database>,
  { runId, planNo, dataType, reason, limit }: DoubtRequest & { readonly reason: string; readonly limit: number },
): Promise<KnownKey[]> {
  const perKey = dataType.matchKeys.map((field, index) => {
    const column = sql.ref(columnOf(field))
    return sql`
      select c.seq, ${sql.raw(incomingKeyOf(dataType, 'c'))} as incoming_key, ${field} as field, ${index} as place, r.id as record_id
      from conflicts c join ${sql.table(dataType.table)} r on r.district_id = c.district_id and r.${column} = c.${column}
      union all
      select c.seq, ${sql.raw(incomingKeyOf(dataType, 'c'))}, ${field}, ${index}, a.record_id
      from conflicts c join record_aliases a on a.district_id = c.district_id and a.data_type = ${dataType.name}
        and a.field = ${field} and a.value = c.${column}
      where not exists (select from ${sql.table(dataType.table)} held
        where held.district_id = c.district_id and held.${column} = c.${column})`
  })
  const { rows } = await sql<KnownKey>`
    with conflicts as materialized (
      select s.* from plan_rows p join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
      where p.run_id = ${runId} and p.plan_no = ${planNo} and p.action = 'skip' and p.reason = ${reason}
      order by p.seq limit ${limit}
    )
    select seq, incoming_key, field, record_id from (${sql.join(perKey, sql` union all `)}) known
    order by incoming_key, seq, place`.execute(trx)
  return rows
}
