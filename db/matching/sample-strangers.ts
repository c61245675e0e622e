import { sql, type Transaction } from 'kysely'
import type { SampledPairs } from '../../domain/matching/draw-lines.ts'
import type { BestPair } from '../../domain/matching/learn-relations.ts'
import { rankPairs } from '../../domain/matching/rank-candidates.ts'
import type { Frequencies } from '../../domain/matching/score-candidate.ts'
import type { Database } from '../database.ts'
import { listCandidatePairs, seekPerson } from './list-candidate-pairs.ts'
import type { KeyScope } from './match-key-sql.ts'
import { readHeldPeople } from './read-people.ts'

const wanted = 2000
const pageSize = 500

/**
 * Known strangers: of about two thousand held records the other held one that each resembles most. What they have in
 * common, two people of this district have in common: its twins, its siblings, its namesakes. Kept with the match keys
 * and made again when the names are counted again (refreshMatchKeys); the same records give the same sample.
 */
export async function sampleStrangers(
  trx: Transaction<Database>,
  scope: KeyScope,
  frequencies: Frequencies,
): Promise<SampledPairs> {
  const { dataType, districtId } = scope
  const kept = await trx
    .selectFrom('matchStrangers')
    .select(['sampled', 'pairs'])
    .where('dataType', '=', dataType.name)
    .executeTakeFirst()
  if (kept !== undefined) return { count: kept.sampled, pairs: kept.pairs }
  const recordIds = await chooseRecords(trx, scope, frequencies.heldCount)
  const pairs: BestPair[] = []
  for (let start = 0; start < recordIds.length; start += pageSize) {
    pairs.push(...(await comparePage(trx, scope, frequencies, recordIds.slice(start, start + pageSize))))
  }
  await trx
    .insertInto('matchStrangers')
    .values({ districtId, dataType: dataType.name, sampled: recordIds.length, pairs: JSON.stringify(pairs) })
    .execute()
  return { count: recordIds.length, pairs }
}

async function chooseRecords(
  trx: Transaction<Database>,
  { dataType, districtId }: KeyScope,
  heldCount: number,
): Promise<string[]> {
  const everyNth = Math.max(1, Math.floor(heldCount / wanted))
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(dataType.table)}
    where district_id = ${districtId} and hashtextextended(id::text, 0) % ${everyNth} = 0
    order by id limit ${wanted * 2}`.execute(trx)
  return rows.map(({ id }) => id)
}

async function comparePage(
  trx: Transaction<Database>,
  scope: KeyScope,
  frequencies: Frequencies,
  recordIds: readonly string[],
): Promise<BestPair[]> {
  const { districtId, dataType } = scope
  const fields = dataType.matching ?? {}
  const sampled = await readHeldPeople(trx, dataType, fields, recordIds)
  const sought = recordIds.flatMap((recordId, seq) => {
    const held = sampled.get(recordId)
    return held === undefined ? [] : [{ ...seekPerson(seq, held.person), held }]
  })
  const found = await listCandidatePairs(trx, { districtId, dataType, from: { recordIds } }, sought)
  const others = await readHeldPeople(trx, dataType, fields, new Set(found.flatMap((pair) => pair.recordIds)))
  const recordIdsOf = new Map(found.map((pair) => [pair.seq, pair.recordIds]))
  return sought.flatMap(({ seq, held }) => {
    const people = (recordIdsOf.get(seq) ?? []).flatMap((recordId) =>
      recordId === held.recordId ? [] : (others.get(recordId) ?? []),
    )
    const best = rankPairs(held.person, people, frequencies)[0]?.pair
    return best === undefined ? [] : [{ comparison: best.comparison, chances: best.chances }]
  })
}
