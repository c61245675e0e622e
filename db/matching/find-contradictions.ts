import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { contradicts } from '../../domain/matching/contradicts.ts'
import type { AspectValues } from '../../domain/matching/matching-aspects.ts'
import { readPerson } from '../../domain/matching/person.ts'
import { describePair, type Candidate } from '../../domain/matching/rank-candidates.ts'
import { scoreCandidate } from '../../domain/matching/score-candidate.ts'
import type { Database } from '../database.ts'
import { readFrequencies } from './read-frequencies.ts'
import { readHeldPeople, selectAspects } from './read-people.ts'

/** A planned update whose exact key names a record of somebody else, it seems; `candidate` is that record. */
export type Contradiction = { readonly seq: number; readonly candidate: Candidate }

export type ContradictionRequest = {
  readonly runId: string
  readonly planNo: number
  readonly dataType: DataType
  readonly pageSize?: number
}

/**
 * Updates of a plan that an exact key matched although birth date and family name are both another's: an id given to
 * the next pupil is a case and no match (product.md section 8). Looks only at rows that would change both fields, which
 * are few, page by page; an id scheme that changed as a whole is caught by a safety limit before.
 */
export async function* findContradictions(
  trx: Transaction<Database>,
  { runId, planNo, dataType, pageSize = 1000 }: ContradictionRequest,
): AsyncGenerator<Contradiction> {
  const fields = dataType.matching
  const { birthDate, familyName } = fields ?? {}
  if (fields === undefined || birthDate === undefined || familyName === undefined) return
  const frequencies = await readFrequencies(trx, dataType)
  for (let afterSeq = -1; ;) {
    const { rows } = await sql<{ seq: number; recordId: string } & AspectValues>`
      select p.seq, p.record_id as "recordId", ${selectAspects(fields, 's')}
      from plan_rows p join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
      where p.run_id = ${runId} and p.plan_no = ${planNo} and p.seq > ${afterSeq}
        and p.action in ('update', 'reactivate') and p.changes ?& ${[birthDate, familyName]}::text[]
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
      const incoming = readPerson(row)
      if (person === undefined || !contradicts(incoming, person)) continue
      const pair = scoreCandidate(incoming, person, frequencies)
      yield { seq: row.seq, candidate: describePair(row.recordId, pair, fields) }
    }
    afterSeq = last.seq
  }
}
