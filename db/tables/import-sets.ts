import type { Generated } from 'kysely'
import type { NullableJson } from './json.ts'

export type ImportSets = {
  id: string
  districtId: string
  connectionId: string
  workflowId: string
  /** Null until the input is fetched; always where each run reads pages of its own. */
  inputFileId: string | null
  inputSha256: string | null
  inputBytes: number | null
  isTest: boolean
  approveHold: boolean
  requestedBy: string
  createdAt: Generated<Date>
  finishedAt: Date | null
  /** When its schedule was due; null where somebody asked for it. */
  dueAt: Date | null
  /** The last look at the source, as whoever fetches keeps it. */
  look: NullableJson<unknown>
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
