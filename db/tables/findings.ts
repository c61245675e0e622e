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
export type FindingStep = 'stage' | 'plan'

export type AlertKind = 'missingRequired' | 'missingExpected' | 'unmappedCode' | 'duplicateCase' | 'identityConflict'

export type Alerts = {
  id: Generated<string>
  districtId: string
  dataType: string
  runId: string
  kind: AlertKind
  field: string
  code: string | null
  count: number
  openedAt: Generated<Date>
  closedAt: Date | null
  reminders: Generated<number>
}
