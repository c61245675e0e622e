import type { RecordName } from '../../db/records/record-names.ts'
import type { CaseRow } from '../../db/resolution/decide-cases.ts'
import { placeOf, type CaseValues, type MemberRow } from '../../db/resolution/list-cases.ts'
import { kindOfCase, selectShown, type StoredCandidate } from '../../domain/duplicate-case.ts'
import type { DuplicateCaseDocument } from '../contract/duplicate-case.ts'

type Surroundings = {
  readonly district: string
  /** Those of this case, and maybe of others. */
  readonly members: readonly MemberRow[]
  /** Undefined for who may not see values. */
  readonly values: CaseValues | undefined
  /** What the candidates are called. */
  readonly names: ReadonlyMap<string, RecordName>
}

/** A case as `alert list --json` shows it (contract.md). */
export function toCaseDocument(
  row: CaseRow,
  { district, members, values, names }: Surroundings,
): DuplicateCaseDocument {
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
    twin: selectShown(candidates).some(({ twin }) => twin),
    candidates: toCandidateDocuments(candidates, values, names),
    others: members
      .filter(({ caseId }) => caseId === id)
      .map((member) => ({
        incoming: { ...values?.incoming.get(placeOf(member)), sisId: member.incomingKey },
        candidates: toCandidateDocuments(member.candidates, values, names),
      })),
    decision: decision === null ? null : { action: decision, recordId: row.decidedRecordId, by: row.decidedBy },
    openedAt: row.openedAt.toISOString(),
  }
}

function toCandidateDocuments(
  candidates: readonly StoredCandidate[],
  values: CaseValues | undefined,
  names: Surroundings['names'],
) {
  return selectShown(candidates).map(({ recordId, score, evidence, twin, explanation, byKey }) => {
    const held = values?.records.get(recordId)
    return {
      recordId,
      sisId: names.get(recordId)?.sisId ?? null,
      score,
      evidence: [...evidence],
      twin,
      explanation,
      ...(byKey !== undefined && { byKey }),
      ...(held !== undefined && { values: held }),
    }
  })
}
