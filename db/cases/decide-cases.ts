import { sql, type Selectable, type Transaction } from 'kysely'
import type { CaseDecision, DecidedCases, RefusedDecision } from '../../domain/duplicate-case.ts'
import type { Database } from '../database.ts'
import { insertAuditEntry } from '../queries/audit.ts'
import type { DuplicateCases } from '../tables/cases.ts'

export type CaseRow = Selectable<DuplicateCases>

export type Decisions = {
  readonly districtId: string
  /** Cases of another data type are refused; undefined: any. */
  readonly dataType?: string
  readonly decisions: readonly CaseDecision[]
  readonly by: string
}

/**
 * The one door for decisions, from wherever they come. Each is judged for itself: the same one twice is taken twice,
 * one that cannot be is refused with the reason, and none changes a record; that is the resolution's work
 * (openResolution). Writes the audit log.
 */
export async function decideCases(
  trx: Transaction<Database>,
  { districtId, dataType, decisions, by }: Decisions,
): Promise<DecidedCases> {
  const ids = [...new Set(decisions.map(({ caseId }) => caseId).filter((id) => uuid.test(id)))].sort()
  const cases = new Map((await lockCases(trx, districtId, ids)).map((row) => [row.id, row]))
  const refused: RefusedDecision[] = []
  const taken: CaseDecision[] = []
  const claimed = new Map<string, string>()
  for (const row of await listClaims(trx, districtId)) claimed.set(row.decidedRecordId, row.id)
  for (const decision of decisions) {
    const row = cases.get(decision.caseId.toLowerCase())
    const problem =
      row === undefined || (dataType !== undefined && row.dataType !== dataType)
        ? 'there is no case of this id here'
        : whyNot(row, decision, claimed)
    if (row === undefined || problem !== undefined) {
      refused.push({ caseId: decision.caseId, reason: problem ?? 'there is no case of this id here' })
      continue
    }
    taken.push(decision)
    for (const [recordId, caseId] of claimed) if (caseId === row.id) claimed.delete(recordId)
    if (decision.action === 'match' && decision.recordId !== undefined) claimed.set(decision.recordId, row.id)
    await storeDecision(trx, row, decision, by)
  }
  if (taken.length > 0) {
    await insertAuditEntry(trx, {
      districtId,
      actor: by,
      action: 'decideCases',
      subject: { decisions: taken.slice(0, maxAudited), count: taken.length },
    })
  }
  return { decided: taken.length, refused }
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** An entry of the audit log is one row; bulk decisions are told by their number. */
const maxAudited = 100

async function lockCases(trx: Transaction<Database>, districtId: string, ids: readonly string[]): Promise<CaseRow[]> {
  if (ids.length === 0) return []
  return trx
    .selectFrom('duplicateCases')
    .selectAll()
    .where('districtId', '=', districtId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Records that an open case is to be matched with: one record cannot be two who come in. */
async function listClaims(trx: Transaction<Database>, districtId: string) {
  const { rows } = await sql<{ id: string; decidedRecordId: string }>`
    select id, decided_record_id from duplicate_cases
    where district_id = ${districtId} and state = 'open' and decision = 'match'`.execute(trx)
  return rows
}

function whyNot(row: CaseRow, { action, recordId }: CaseDecision, claimed: ReadonlyMap<string, string>) {
  if (row.state === 'closed') return 'the case is closed: its input no longer has it'
  if (row.state !== 'open') return 'the decision was carried out; `rollbook alert unmerge` takes a match back'
  if (row.processingRunId !== null) return 'the decision is being carried out'
  if (action !== 'match') return undefined
  if (recordId === undefined) return '"recordId" is missing: it names one of the candidates'
  if (!row.candidates.some((candidate) => candidate.recordId === recordId)) {
    return 'the record is none of the candidates of the case'
  }
  const other = claimed.get(recordId)
  return other === undefined || other === row.id ? undefined : `the record is chosen in case ${other} already`
}

async function storeDecision(
  trx: Transaction<Database>,
  row: CaseRow,
  { action, recordId }: CaseDecision,
  by: string,
): Promise<void> {
  const isCancel = action === 'cancel'
  await trx
    .updateTable('duplicateCases')
    .set({
      decision: isCancel ? null : action,
      decidedRecordId: action === 'match' ? (recordId ?? null) : null,
      decidedBy: isCancel ? null : by,
      decidedAt: isCancel ? null : sql<Date>`now()`,
    })
    .where('id', '=', row.id)
    .execute()
}
