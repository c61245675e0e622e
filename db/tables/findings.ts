import type { Generated } from 'kysely'
import type { Severity } from '../../domain/import-rules/finding.ts'

export type RunFindings = {
  districtId: string
  runId: string
  seq: number
  step: FindingStep
  rule: string
  severity: Severity
  file: string | null
  line: number | null
  column: string | null
  sourceId: string | null
  message: string
}
/** `open`: a run that had nothing to do. */
export type FindingStep = 'open' | 'stage' | 'plan'

export type AlertKind = 'notImported' | 'missingExpected' | 'unmappedCode' | 'duplicateCase' | 'identityConflict'

export type Alerts = {
  id: Generated<string>
  districtId: string
  dataType: string
  runId: string
  kind: AlertKind
  /** Of `notImported` the id of the rule. */
  field: string
  code: string | null
  count: number
  /** Of `notImported` alone: `count`, apart. Null where an earlier release counted. */
  newCount: Generated<number | null>
  heldCount: Generated<number | null>
  openedAt: Generated<Date>
  closedAt: Date | null
  reminders: Generated<number>
}

/** A record of the source that no run has taken so far, and the rule for which the last one did not. */
export type NotImported = {
  districtId: string
  dataType: string
  sourceKey: string | null
  runId: string
  line: number | null
  rule: string
  isHeld: boolean
}
