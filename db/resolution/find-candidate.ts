import type { Transaction } from 'kysely'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { readRecordNames, type RecordName } from '../records/record-names.ts'
import type { CaseRow } from './decide-cases.ts'
import type { MemberRow } from './list-cases.ts'

/** What the candidates of these cases are called, by record. */
export async function readCandidateNames(
  trx: Transaction<Database>,
  cases: readonly CaseRow[],
  members: readonly MemberRow[],
): Promise<ReadonlyMap<string, RecordName>> {
  const names = new Map<string, RecordName>()
  for (const dataType of new Set(cases.map((row) => row.dataType))) {
    const own = cases.filter((row) => row.dataType === dataType)
    const rows = [...own, ...members.filter(({ caseId }) => own.some(({ id }) => id === caseId))]
    const ids = rows.flatMap(({ candidates }) => candidates.map(({ recordId }) => recordId))
    for (const [id, name] of await readRecordNames(trx, getDataType(dataType), ids)) names.set(id, name)
  }
  return names
}

/**
 * The candidate of a case that is meant by our id or by its first id at the source; why nobody is, in words for people,
 * otherwise. An id of the source may look like one of ours, so both are always looked at.
 */
export async function findCandidate(
  trx: Transaction<Database>,
  caseId: string,
  wanted: string,
): Promise<{ readonly recordId: string } | { readonly obstacle: string }> {
  const row = await trx.selectFrom('duplicateCases').selectAll().where('id', '=', caseId).executeTakeFirst()
  if (row === undefined) return { obstacle: 'there is no case of this id here' }
  const names = await readCandidateNames(trx, [row], [])
  const candidates = row.candidates.map(({ recordId }) => ({ recordId, sisId: names.get(recordId)?.sisId ?? null }))
  const byOurs = candidates.find(({ recordId }) => recordId === wanted.toLowerCase())
  const bySource = candidates.find(({ sisId }) => sisId === wanted)
  if (byOurs !== undefined && bySource !== undefined && byOurs !== bySource) {
    return {
      obstacle:
        `"${wanted}" is our id of one candidate (sisId ${byOurs.sisId ?? 'none'}) and the sisId of another ` +
        `(our id ${bySource.recordId}); name the one you mean by its other id`,
    }
  }
  const found = byOurs ?? bySource
  if (found !== undefined) return { recordId: found.recordId }
  const known = candidates.map(({ recordId, sisId }) => sisId ?? recordId).join(', ')
  return { obstacle: `"${wanted}" is none of the candidates of the case; they are ${known}` }
}
