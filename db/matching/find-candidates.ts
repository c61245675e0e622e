import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { readPerson, type Person } from '../../domain/matching/person.ts'
import {
  describePair,
  lowestScore,
  rankPairs,
  type Candidate,
  type RankedPair,
} from '../../domain/matching/rank-candidates.ts'
import type { BestPair } from '../../domain/matching/learn-relations.ts'
import type { ScoreEvidence } from '../../domain/matching/draw-lines.ts'
import type { AspectValues, MatchingFields } from '../../domain/matching/matching-aspects.ts'
import type { Frequencies } from '../../domain/matching/score-candidate.ts'
import type { Database } from '../database.ts'
import { buildCreatesSql, isPlannedCreate } from '../staging/planned-creates.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { listCandidatePairs, seekPerson } from './list-candidate-pairs.ts'
import { readFrequencies } from './read-frequencies.ts'
import { readHeldPeople, selectAspects } from './read-people.ts'
import { refreshMatchKeys } from './refresh-match-keys.ts'
import { sampleStrangers } from './sample-strangers.ts'

/** An incoming record that may be somebody held: a create of the plan, by the `seq` of its staged row. */
export type FoundCase = { readonly seq: number; readonly candidates: readonly [Candidate, ...Candidate[]] }

export type CandidateRequest = {
  readonly districtId: string
  readonly runId: string
  readonly planNo: number
  readonly dataType: DataType
  /** Takes the cases of one page, in the order of `seq`, to store them. Their strength is known only when all scores are: `bestScores`. */
  readonly keepCases: (cases: readonly FoundCase[]) => Promise<void>
  /** Called after each page: a long search beats by it, and throws from it when it is to stop. */
  readonly onProgress?: () => void
  readonly pageSize?: number
}

export type CandidateSearch = {
  /** Creates of the plan that were looked at. */
  readonly incomingCount: number
  /** Of each of them the score of its best candidate, 0 without one: drawLines of domain/matching takes it. */
  readonly bestScores: Float64Array
  /** What the district's own pairs say of such scores; undefined where nobody was looked for. */
  readonly evidence?: ScoreEvidence
}

/**
 * Looks for held records, active or not, that the creates of a plan may be. In the caller's transaction, page by
 * page in flat memory, and repeatable: it writes nothing but the keys it searches by. A data type that describes no
 * matching, and a district that holds nobody, cost nothing.
 *
 * Give the transaction 256 MB of work_mem. It turns nested loops on, which planning may have turned off.
 */
export async function findCandidates(trx: Transaction<Database>, request: CandidateRequest): Promise<CandidateSearch> {
  const { dataType } = request
  const fields = dataType.matching
  if (fields === undefined || !(await holdsAny(trx, dataType))) return { incomingCount: 0, bestScores: noScores }
  const incomingCount = await countCreates(trx, request)
  if (incomingCount === 0) return { incomingCount, bestScores: noScores }
  const bestScores = new Float64Array(incomingCount)
  await refreshMatchKeys(trx, request)
  const frequencies = await readFrequencies(trx, dataType)
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(trx)
  const strangers = await sampleStrangers(trx, request, frequencies)
  const sampled = { count: 0, pairs: new Array<BestPair>() }
  const isSampled = makeSampler(mostSampled / incomingCount)
  let done = 0
  for (let afterSeq = -1; ;) {
    const page = await listCreates(trx, request, fields, afterSeq)
    const last = page.at(-1)
    if (last === undefined) break
    const ranked = await rankPage(trx, request, fields, frequencies, page)
    for (const { pairs } of ranked) {
      const best = pairs[0]?.pair
      bestScores[done] = best === undefined || best.score < lowestScore ? 0 : best.score
      if (isSampled(done)) {
        sampled.count += 1
        if (best !== undefined) sampled.pairs.push({ comparison: best.comparison, chances: best.chances })
      }
      done += 1
    }
    const cases = ranked.flatMap(({ seq, pairs }) => describeCase(seq, pairs, fields))
    if (cases.length > 0) await request.keepCases(cases)
    request.onProgress?.()
    afterSeq = last.seq
  }
  return { incomingCount, bestScores, evidence: { incoming: sampled, strangers } }
}

/** So many best pairs of a run say enough. */
const mostSampled = 5000

/** Evenly over a run and always the same; every second record of a file would be every twin, or every other class. */
function makeSampler(share: number): (index: number) => boolean {
  // The golden ratio's multiples fall nowhere close together.
  return (index) => share >= 1 || (index * 0.6180339887498949) % 1 < share
}

const noScores = new Float64Array()

type Create = { readonly seq: number; readonly person: Person }

async function countCreates(
  trx: Transaction<Database>,
  { runId, planNo, dataType }: CandidateRequest,
): Promise<number> {
  const creates = sql.raw(buildCreatesSql(dataType, planAsSql(runId, planNo)))
  const { rows } = await sql<{ count: number }>`select count(*) from (${creates}) created`.execute(trx)
  return rows[0]?.count ?? 0
}

function planAsSql(runId: string, planNo: number) {
  return { run: `${quoteLiteral(runId)}::uuid`, planNo: `${planNo}::smallint` }
}

async function holdsAny(trx: Transaction<Database>, dataType: DataType): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(dataType.table)} limit 1`.execute(trx)
  return rows.length > 0
}

async function listCreates(
  trx: Transaction<Database>,
  { runId, planNo, dataType, pageSize = 1000 }: CandidateRequest,
  fields: MatchingFields,
  afterSeq: number,
): Promise<Create[]> {
  const { rows } = await sql<{ seq: number } & AspectValues>`
    select s.seq, ${selectAspects(fields, 's')}
    from ${sql.table(dataType.stagedTable)} s
    where s.run_id = ${runId} and s.seq > ${afterSeq} and ${sql.raw(isPlannedCreate(planAsSql(runId, planNo)))}
    order by s.seq limit ${pageSize}`.execute(trx)
  return rows.map((row) => ({ seq: row.seq, person: readPerson(row) }))
}

type RankedCreate = { readonly seq: number; readonly pairs: readonly RankedPair[] }

async function rankPage(
  trx: Transaction<Database>,
  request: CandidateRequest,
  fields: MatchingFields,
  frequencies: Frequencies,
  page: readonly Create[],
): Promise<RankedCreate[]> {
  const sought = page.map(({ seq, person }) => seekPerson(seq, person))
  const pairs = await listCandidatePairs(trx, { ...request, from: { runId: request.runId } }, sought)
  const recordIds = new Set(pairs.flatMap((pair) => pair.recordIds))
  for (const id of await listUndone(trx, request.dataType, recordIds)) recordIds.delete(id)
  const held = await readHeldPeople(trx, request.dataType, fields, recordIds)
  const recordIdsOf = new Map(pairs.map(({ seq, recordIds }) => [seq, recordIds]))
  return page.map(({ seq, person }) => {
    const people = (recordIdsOf.get(seq) ?? []).flatMap((recordId) => held.get(recordId) ?? [])
    return { seq, pairs: rankPairs(person, people, frequencies) }
  })
}

/** Whom an undone decision had made, and nobody made active since: she is nobody until it is decided again. */
async function listUndone(
  trx: Transaction<Database>,
  dataType: DataType,
  recordIds: ReadonlySet<string>,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from duplicate_cases c join ${sql.table(dataType.table)} r on r.id = c.undone_record_id
    where c.undone_record_id = any (${[...recordIds]}::uuid[]) and r.status = 'inactive'`.execute(trx)
  return rows.map(({ id }) => id)
}

function describeCase(seq: number, pairs: readonly RankedPair[], fields: MatchingFields): FoundCase[] {
  const [best, ...others] = pairs
    .filter(({ pair }) => pair.score >= lowestScore)
    .map(({ recordId, pair }) => describePair(recordId, pair, fields))
  return best === undefined ? [] : [{ seq, candidates: [best, ...others] }]
}
