import type { Generated } from 'kysely'
import type { CaseReason, CaseState, StoredCandidate, StoredDecision } from '../../domain/duplicate-case.ts'
import type { MatchStrength } from '../../domain/matching/draw-lines.ts'
import type { Json, NullableJson } from './json.ts'
import type { FieldChanges } from './plans.ts'

export type DuplicateFinds = {
  districtId: string
  runId: string
  seq: number
  strength: MatchStrength | null
  reason: CaseReason
  candidates: Json<readonly StoredCandidate[]>
  leadSeq: number | null
}

export type DuplicateCases = {
  id: Generated<string>
  districtId: string
  dataType: string
  connectionId: string
  runId: string
  seq: number
  incomingKey: string
  strength: MatchStrength
  reason: CaseReason
  candidates: Json<readonly StoredCandidate[]>
  incomingRecordId: string | null
  state: Generated<CaseState>
  decision: StoredDecision | null
  decidedRecordId: string | null
  decidedBy: string | null
  decidedAt: Date | null
  settledDecision: Generated<StoredDecision | null>
  settledRecordId: Generated<string | null>
  settledBy: Generated<string | null>
  settledAt: Generated<Date | null>
  undoneRecordId: Generated<string | null>
  processingRunId: string | null
  processedRunId: string | null
  changes: NullableJson<FieldChanges>
  incoming: NullableJson<Readonly<Record<string, unknown>>>
  closedReason: string | null
  keptDays: number | null
  openedAt: Generated<Date>
}

export type CaseMembers = {
  districtId: string
  caseId: string
  runId: string
  seq: number
  incomingKey: string
  candidates: Json<readonly StoredCandidate[]>
}

export type FeedMistakes = {
  districtId: string
  dataType: string
  firstKey: string
  secondKey: string
  caseId: string
}

export type RecordAliases = {
  districtId: string
  dataType: string
  field: string
  value: string
  recordId: string
  caseId: string
}

export type KnownStrangers = {
  districtId: string
  dataType: string
  incomingKey: string
  recordId: string
  caseId: string
}

export type GivenMatches = { districtId: string; runId: string; seq: number; recordId: string | null }

export type ResolutionRows = {
  districtId: string
  runId: string
  seq: number
  caseId: string
  role: 'incoming' | 'yields' | 'restored' | 'returned'
  recordId: string | null
}
