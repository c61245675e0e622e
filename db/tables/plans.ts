import type { Generated } from 'kysely'
import type { ActionCounts, AppliedPart, PlanAction } from '../../domain/plan/plan-action.ts'
import type { Json, JsonWithDefault, NullableJson } from './json.ts'

export type DatasetVersions = {
  districtId: string
  dataType: string
  version: Generated<number>
  lastRunId: string | null
  lastAppliedSha256: string | null
  lastAppliedFingerprint: string | null
}

export type StagedUnseen = { districtId: string; runId: string; primaryDigest: string }

/** Old and new value by field; a custom field is `customFields.<name>`. */
export type FieldChanges = Readonly<Record<string, readonly [old: unknown, new: unknown]>>

export type PlanRows = {
  districtId: string
  runId: string
  planNo: number
  seq: number
  action: PlanAction
  recordId: string | null
  schoolId: string | null
  revision: number | null
  reason: string | null
  changes: NullableJson<FieldChanges>
}

export type PlanCounts = {
  districtId: string
  runId: string
  action: PlanAction
  schoolId: string | null
  count: number
}

export type AppliedBatches = {
  districtId: string
  runId: string
  planNo: number
  part: AppliedPart
  batchNo: number
  firstSeq: number
  lastSeq: number
  rows: Generated<number>
  counts: JsonWithDefault<Partial<ActionCounts>>
  appliedAt: Generated<Date>
}

export type Journal = {
  districtId: string
  runId: string
  planNo: number
  seq: number
  dataType: string
  recordId: string
  action: PlanAction
  before: Json<Readonly<Record<string, unknown>>>
  /** What the run wrote; null in rows of the first release. */
  after: NullableJson<Readonly<Record<string, unknown>>>
  revision: number
  appliedAt: Generated<Date>
}

/** What is left of a journal row once its values are purged. */
export type RecordChanges = {
  districtId: string
  runId: string
  planNo: number
  seq: number
  recordId: string
  action: PlanAction
  fields: string[]
  appliedAt: Date
}

export type SchoolSkipReason = 'notMatched' | 'leftOut' | 'notChosen'

export type RunSchoolSkips = {
  districtId: string
  runId: string
  reason: SchoolSkipReason
  sourceKey: string | null
  schoolId: string | null
  name: string
  rowCount: number
  heldCount: number
}
