import type { CaseRow } from '../db/cases/decide-cases.ts'
import { placeOf, type CaseValues, type MemberRow } from '../db/cases/list-cases.ts'
import { kindOfCase, type StoredCandidate } from '../domain/duplicate-case.ts'
import type { DuplicateCaseDocument } from './contract/duplicate-case.ts'

type Surroundings = {
  readonly district: string
  /** Those of this case, and maybe of others. */
  readonly members: readonly MemberRow[]
  /** Undefined for who may not see values. */
  readonly values: CaseValues | undefined
}

/** A case as `alert list --json` shows it (contract.md). */
export function toCaseDocument(row: CaseRow, { district, members, values }: Surroundings): DuplicateCaseDocument {
  const { id, dataType, runId, incomingKey, strength, reason, incomingRecordId, candidates, decision } = row
  return {
    caseId: id,
    district,
    dataType,
    runId,
    incoming: { ...values?.incoming.get(placeOf(row)), sisId: incomingKey },
    strength,
    kind: kindOfCase(reason),
    reason,
    incomingRecordId,
    twin: candidates.some(({ twin }) => twin),
    candidates: toCandidateDocuments(candidates, values),
    others: members
      .filter(({ caseId }) => caseId === id)
      .map((member) => ({
        incoming: { ...values?.incoming.get(placeOf(member)), sisId: member.incomingKey },
        candidates: toCandidateDocuments(member.candidates, values),
      })),
    decision: decision === null ? null : { action: decision, recordId: row.decidedRecordId, by: row.decidedBy },
    openedAt: row.openedAt.toISOString(),
  }
}

function toCandidateDocuments(candidates: readonly StoredCandidate[], values: CaseValues | undefined) {
  return candidates.map(({ recordId, score, evidence, twin, explanation, byKey }) => {
    const held = values?.records.get(recordId)
    return {
      recordId,
      score,
      evidence: [...evidence],
      twin,
      explanation,
      ...(byKey !== undefined && { byKey }),
      ...(held !== undefined && { values: held }),
    }
  })
}
