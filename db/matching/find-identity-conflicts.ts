import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { CaseReason, StoredCandidate } from '../../domain/duplicate-case.ts'
import { groupConflicts } from '../../domain/matching/group-conflicts.ts'
import { readPerson, type Person } from '../../domain/matching/person.ts'
import { describePair } from '../../domain/matching/rank-candidates.ts'
import { scoreCandidate } from '../../domain/matching/score-candidate.ts'
import type { AspectValues, MatchingFields } from '../../domain/matching/matching-aspects.ts'
import type { Database } from '../database.ts'
import { findDoubts, listKnownKeys, type KnownKey } from './find-doubts.ts'
import { incomingKeyOf } from './incoming-key.ts'
import { readFrequencies } from './read-frequencies.ts'
import { readHeldPeople, selectAspects } from './read-people.ts'
import { planReason } from '../staging/plan-reason.ts'
import type { RunRow } from '../import/runs.ts'
import { insertFinds, takeOutOfPlan, type Find } from './take-out-of-plan.ts'

export type ConflictSearch = { readonly run: RunRow; readonly planNo: number; readonly dataType: DataType }

/** How many rows of a plan are in conflict, and are not asked about already; by school. */
export type ConflictCount = { readonly schoolId: string | null; readonly count: number }

/**
 * More than these are not asked about: no person can answer them, and a safety limit has met long before. They are not
 * imported, and told of as that.
 */
const mostConflicts = 20_000

/**
 * Finds the rows of a plan whose exact keys cannot be believed: those that lead to two records, and those that lead to
 * somebody else than the rest says. They are taken out of the plan and become cases when it is applied; of what a
 * person said that the feed is wrong, there is no case. Part of planning and repeatable as that is.
 */
export async function findIdentityConflicts(
  trx: Transaction<Database>,
  search: ConflictSearch,
): Promise<ConflictCount[]> {
  const { run, planNo, dataType } = search
  await trx.deleteFrom('duplicateFinds').where('runId', '=', run.id).execute()
  await skipTakenAliases(trx, search)
  await skipMistakes(trx, search, planReason.identityConflict)
  const request = { runId: run.id, planNo, dataType }
  for await (const { seq, candidate } of findDoubts(trx, request)) {
    await insertFinds(trx, run, 'idReused', [{ seq, candidates: [candidate], leadSeq: null }])
  }
  await skipMistakes(trx, search, 'found')
  const known = await listKnownKeys(trx, { ...request, reason: planReason.identityConflict, limit: mostConflicts })
  await insertFinds(trx, run, 'keysDisagree', await makeFinds(trx, search, known))
  await takeOutOfPlan(trx, search, planReason.identityConflict)
  return countNewConflicts(trx, search)
}

/** An id that a merged record had is one of hers: who else comes in under it has ids of two people. */
async function skipTakenAliases(trx: Transaction<Database>, { run, planNo, dataType }: ConflictSearch): Promise<void> {
  const held = sql.table(dataType.table)
  for (const field of dataType.matchKeys) {
    const column = sql.ref(columnOf(field))
    await sql`
      update plan_rows p
      set action = 'skip', reason = ${planReason.identityConflict}, record_id = null, revision = null, changes = null
      from ${sql.table(dataType.stagedTable)} s, record_aliases a
      where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action in ('update', 'reactivate', 'unchanged')
        and s.run_id = p.run_id and s.seq = p.seq
        and a.district_id = p.district_id and a.data_type = ${dataType.name} and a.field = ${field}
        and a.value = s.${column} and a.record_id <> p.record_id
        and not exists (select from ${held} r where r.district_id = p.district_id and r.${column} = a.value)`.execute(
      trx,
    )
  }
}

/** `found`: those that are found already; else those that the plan skips for this reason. */
async function skipMistakes(
  trx: Transaction<Database>,
  { run, planNo, dataType }: ConflictSearch,
  which: 'found' | typeof planReason.identityConflict,
): Promise<void> {
  const isMeant =
    which === 'found'
      ? sql`exists (select from duplicate_finds f where f.run_id = p.run_id and f.seq = p.seq)`
      : sql`p.action = 'skip' and p.reason = ${which}`
  await sql`
    with mistakes as (
      update plan_rows p
      set action = 'skip', reason = ${planReason.leftAsHeld}, record_id = null, revision = null, changes = null
      from ${sql.table(dataType.stagedTable)} s, feed_mistakes m
      where p.run_id = ${run.id} and p.plan_no = ${planNo} and s.run_id = p.run_id and s.seq = p.seq and ${isMeant}
        and m.district_id = p.district_id and m.data_type = ${dataType.name} and ${bearsKeysOf(dataType)}
      returning p.seq
    )
    delete from duplicate_finds f using mistakes where f.run_id = ${run.id} and f.seq = mistakes.seq`.execute(trx)
}

/** The staged row `s` bears the ids of the remembered mistake `m`. */
function bearsKeysOf({ matchKeys: [first, second] }: DataType) {
  const other = second === undefined ? sql`''` : sql`coalesce(s.${sql.ref(columnOf(second))}, '')`
  return sql`m.first_key = coalesce(s.${sql.ref(columnOf(first))}, '') and m.second_key = ${other}`
}

async function makeFinds(
  trx: Transaction<Database>,
  { run, dataType }: ConflictSearch,
  known: readonly KnownKey[],
): Promise<Find[]> {
  const rows = new Map<number, KnownKey[]>()
  for (const key of known) rows.set(key.seq, [...(rows.get(key.seq) ?? []), key])
  if (rows.size === 0) return []
  const describe = await readDescriber(trx, { run, dataType, known })
  return groupConflicts([...rows].map(([seq, keys]) => ({ seq, known: keys }))).flatMap((group) => {
    const ofRows = group.map(({ seq, known: keys }) => ({ seq, candidates: keys.map(describe) }))
    return ofRows.map(({ seq, candidates }, index) => ({
      seq,
      candidates: [...candidates].sort((a, b) => sumScores(ofRows, b) - sumScores(ofRows, a)),
      leadSeq: index === 0 ? null : (ofRows[0]?.seq ?? null),
    }))
  })
}

/** Says of a key how well the record that it leads to fits the rest of the row, where the data type knows of people. */
async function readDescriber(
  trx: Transaction<Database>,
  { run, dataType, known }: Omit<ConflictSearch, 'planNo'> & { readonly known: readonly KnownKey[] },
): Promise<(key: KnownKey) => StoredCandidate> {
  const { matching: fields } = dataType
  const unknown = { score: 0, evidence: [], twin: false, explanation: 'Nothing is known of both.' }
  if (fields === undefined) return ({ field, recordId }) => ({ recordId, ...unknown, byKey: field })
  const frequencies = await readFrequencies(trx, dataType)
  const incoming = await readIncoming(trx, run, dataType.stagedTable, fields, [...new Set(known.map(({ seq }) => seq))])
  const held = await readHeldPeople(trx, dataType, fields, new Set(known.map(({ recordId }) => recordId)))
  return ({ seq, field, recordId }) => {
    const [one, other] = [incoming.get(seq), held.get(recordId)?.person]
    if (one === undefined || other === undefined) return { recordId, ...unknown, byKey: field }
    return { ...describePair(recordId, scoreCandidate(one, other, frequencies), fields), byKey: field }
  }
}

/** All rows of a group are decided by one key: the one whose records they resemble together comes first. */
function sumScores(rows: readonly { readonly candidates: readonly StoredCandidate[] }[], { byKey }: StoredCandidate) {
  return rows
    .flatMap(({ candidates }) => candidates)
    .reduce((sum, candidate) => (candidate.byKey === byKey ? sum + candidate.score : sum), 0)
}

async function readIncoming(
  trx: Transaction<Database>,
  run: RunRow,
  stagedTable: string,
  fields: MatchingFields,
  seqs: readonly number[],
): Promise<Map<number, Person>> {
  const { rows } = await sql<{ seq: number } & AspectValues>`
    select s.seq, ${selectAspects(fields, 's')} from ${sql.table(stagedTable)} s
    where s.run_id = ${run.id} and s.seq = any (${[...seqs]}::integer[])`.execute(trx)
  return new Map(rows.map((row) => [row.seq, readPerson(row)]))
}

/** What is an open case already was held for review when it was found, and does not hold the next run again. */
async function countNewConflicts(
  trx: Transaction<Database>,
  { run, planNo, dataType }: ConflictSearch,
): Promise<ConflictCount[]> {
  const key = sql.raw(incomingKeyOf(dataType, 's'))
  const { rows } = await sql<ConflictCount>`
    select p.school_id, count(*)::int as count
    from plan_rows p join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
    where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action = 'skip' and p.reason = ${planReason.identityConflict}
      and not exists (
        select from duplicate_cases c left join case_members m on m.case_id = c.id
        where c.district_id = p.district_id and c.data_type = ${dataType.name} and c.state = 'open'
          and c.connection_id = ${run.connectionId} and c.reason <> ${'resembles' satisfies CaseReason}
          and (c.incoming_key = ${key} or m.incoming_key = ${key}))
    group by p.school_id`.execute(trx)
  return rows
}
