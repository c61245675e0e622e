import type { Generated } from 'kysely'

export type ImportSets = {
  id: string
  districtId: string
  connectionId: string
  workflowId: string
  inputFileId: string
  inputSha256: string
  inputBytes: number
  isTest: boolean
  approveHold: boolean
  requestedBy: string
  createdAt: Generated<Date>
  finishedAt: Date | null
}

export type ImportSetRuns = {
  districtId: string
  setId: string
  /** In the order in which they run, from 0. */
  place: number
  dataType: string
  /** Null until it begins; with a reason it never does. */
  runId: string | null
  reason: string | null
}
