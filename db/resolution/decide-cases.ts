import { sql, type Selectable, type Transaction } from 'kysely'
import {
  kindOfCase,
  type CaseDecision,
  type DecidedCases,
  type RefusedDecision,
  type StoredCandidate,
} from '../../domain/duplicate-case.ts'
import type { Database } from '../database.ts'
import { insertAuditEntry } from '../access/audit.ts'
import type { DuplicateCases } from '../tables/cases.ts'

export type CaseRow = Selectable<DuplicateCases>
/** A case, and whom the other incoming records may be that are decided with it. */
type LockedCase = CaseRow & { readonly members: readonly (readonly StoredCandidate[])[] }

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
    for (const recordId of listDecidedRecords(row, decision)) claimed.set(recordId, row.id)
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

async function lockCases(
  trx: Transaction<Database>,
  districtId: string,
  ids: readonly string[],
): Promise<LockedCase[]> {
  if (ids.length === 0) return []
  const rows = await trx
    .selectFrom('duplicateCases')
    .selectAll()
    .where('districtId', '=', districtId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
  const members = await trx
    .selectFrom('caseMembers')
    .select(['caseId', 'candidates'])
    .where('caseId', 'in', [...ids])
    .execute()
  return rows.map((row) => ({
    ...row,
    members: members.filter(({ caseId }) => caseId === row.id).map(({ candidates }) => candidates),
  }))
}

/** Records that an open case is to be matched with: one record cannot be two who come in. */
async function listClaims(trx: Transaction<Database>, districtId: string) {
  const { rows } = await sql<{ id: string; decidedRecordId: string }>`
    select id, decided_record_id from duplicate_cases
    where district_id = ${districtId} and state = 'open' and decision = 'match'
    union
    select c.id, (candidate ->> 'recordId')::uuid
    from duplicate_cases c join case_members m on m.case_id = c.id
    cross join jsonb_array_elements(m.candidates) candidate
    where c.district_id = ${districtId} and c.state = 'open' and c.decision = 'match'
      and candidate ->> 'byKey' = ${decidedKey}`.execute(trx)
  return rows
}

/** Of a case `c` that is decided as a match: the key that leads to the chosen record, by which its members follow. SQL. */
export const decidedKey = sql`(select chosen ->> 'byKey' from jsonb_array_elements(c.candidates) chosen
        where chosen ->> 'recordId' = c.decided_record_id::text limit 1)`

/** The records that a match takes: the chosen one, and those to which the same key leads the other records of the case. */
function listDecidedRecords(row: LockedCase, { action, recordId }: CaseDecision): string[] {
  const chosen = row.candidates.find((candidate) =>
    action === 'exchange' ? true : action === 'match' && candidate.recordId === recordId,
  )
  if (chosen === undefined) return []
  const others = row.members.flatMap((candidates) => candidates.filter(({ byKey }) => byKey === chosen.byKey))
  return [chosen, ...others].map((candidate) => candidate.recordId)
}

function whyNot(row: LockedCase, decision: CaseDecision, claimed: ReadonlyMap<string, string>): string | undefined {
  if (row.state === 'closed') return 'the case is closed: its input no longer has it'
  if (row.state !== 'open') return 'the decision was carried out; `rollbook alert unmerge` takes it back'
  if (row.processingRunId !== null) return 'the decision is being carried out'
  switch (decision.action) {
    case 'cancel':
      return undefined
    case 'create':
      return row.members.length === 0
        ? undefined
        : 'several records are decided together here, and cannot all be new; decide match, exchange or leave'
    case 'leave':
      return kindOfCase(row.reason) === 'identityConflict'
        ? undefined
        : 'only an identity conflict can be left as it is'
    case 'exchange':
      if (row.members.length === 0) return 'nobody else is in this case with whom ids could have changed places'
      return whyClaimed(row, decision, claimed)
    case 'match':
      if (decision.recordId === undefined) return '"recordId" is missing: it names one of the candidates'
      if (!row.candidates.some((candidate) => candidate.recordId === decision.recordId)) {
        return 'the record is none of the candidates of the case'
      }
      return whyClaimed(row, decision, claimed)
  }
}

function whyClaimed(row: LockedCase, decision: CaseDecision, claimed: ReadonlyMap<string, string>) {
  const other = listDecidedRecords(row, decision)
    .map((recordId) => claimed.get(recordId))
    .find((caseId) => caseId !== undefined && caseId !== row.id)
  return other === undefined ? undefined : `the record is chosen in case ${other} already`
}

async function storeDecision(
  trx: Transaction<Database>,
  row: LockedCase,
  decision: CaseDecision,
  by: string,
): Promise<void> {
  const { action } = decision
  const isCancel = action === 'cancel'
  await trx
    .updateTable('duplicateCases')
    .set({
      decision: isCancel ? null : action === 'exchange' ? 'match' : action,
      decidedRecordId: listDecidedRecords(row, decision)[0] ?? null,
      decidedBy: isCancel ? null : by,
      decidedAt: isCancel ? null : sql<Date>`now()`,
    })
    .where('id', '=', row.id)
    .execute()
}
