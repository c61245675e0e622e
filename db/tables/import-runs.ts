import type { Generated } from 'kysely'
import type { FindingCounts, Severity } from '../../domain/import-rules/finding.ts'
import type { RunCounts, RunState } from '../../domain/import-run.ts'
import type { MetLimit } from '../../domain/plan/met-limit.ts'
import type { ActionCounts } from '../../domain/plan/plan-action.ts'
import type { JsonWithDefault, NullableJson } from './json.ts'

export type FindingsByRule = Readonly<Record<string, { readonly severity: Severity; readonly count: number }>>

/** What staging found out about the input of a run, kept for the steps after it. */
export type StagingFacts = {
  /** Proof that every current record was in the input: then absence is evidence. */
  readonly isComplete: boolean
  readonly isDelta: boolean
  /** Rows of the data type in the input. */
  readonly rowsRead: number
  readonly rejectedCount: number
  /** True when rows whose digest is held were left out of staging, and staged_unseen was written. */
  readonly comparedDigests: boolean
  /** What findings call the collection that carries the records, `users.csv`; absent when none was staged. */
  readonly recordsFile?: string
  /** The form of the input, as the connector names it; absent where there is but one. */
  readonly format?: string
  /** Of an input that calls itself complete: its files and how each was sent, where the connector tells. */
  readonly files?: Readonly<Record<string, string>>
  /** When the source changed a record of it last, in ISO 8601 and UTC; absent where it does not say. */
  readonly newestChange?: string
  /** Of a delta: what the source changed before then, a complete input showed since; what it says of it is old. */
  readonly wholeAsOf?: string
  /** The local day on which it was read, `YYYY-MM-DD`. */
  readonly readOn?: string
  /** It is a delta because we asked for changes alone. */
  readonly isChosenDelta?: true
  /** Why the input is refused, where no `block` finding says so; absent otherwise. */
  readonly refusal?: string
}

export type RunHold = { readonly limits: readonly MetLimit[] }
export type RunProgress = Readonly<Record<string, unknown>>
/** `by`: who cancelled the run, of RUN_CANCELLED alone. */
export type RunFailure = { readonly code: string; readonly detail: string; readonly by?: string }

export type ImportRuns = {
  id: Generated<string>
  districtId: string
  connectionId: string
  dataType: string
  state: Generated<RunState>
  isTest: Generated<boolean>
  approveHold: Generated<boolean>
  /** Its plan was made on a day on which only additions pass. */
  isAdditionsOnly: Generated<boolean>
  /** It carries decisions about duplicate cases out, and reads no input. */
  isResolution: Generated<boolean>
  /** It brings fields of records that are held, and no records. */
  isFieldImport: Generated<boolean>
  inputFileId: string | null
  inputSha256: string | null
  inputBytes: number | null
  mappingVersionId: string | null
  mappingFingerprint: string | null
  /** By the calendar year in which it ends; null where no class years were made, and before staging. */
  academicYear: number | null
  rosterVersion: number | null
  /** Batches of the run that changed the records last, as far as they were done then. */
  rosterBatches: number | null
  heldSnapshot: string | null
  staging: NullableJson<StagingFacts>
  planNo: Generated<number>
  batchRows: number | null
  counts: JsonWithDefault<Partial<RunCounts>>
  plannedCounts: NullableJson<ActionCounts>
  findingCounts: JsonWithDefault<Partial<FindingCounts>>
  findingsByRule: JsonWithDefault<FindingsByRule>
  hold: NullableJson<RunHold>
  progress: NullableJson<RunProgress>
  failure: NullableJson<RunFailure>
  closedReason: string | null
  rerunOf: string | null
  requestedBy: string
  workflowId: string
  /** Of a source of pages: when its first page was asked for; null of an input that was there already. */
  askedAt: Date | null
  /** Since when the changes were asked for; null where everything was. */
  askedSince: Date | null
  /** Digest of the settings of connection and configuration by then. */
  askedUnder: string | null
  createdAt: Generated<Date>
  startedAt: Date | null
  finishedAt: Date | null
  undoUntil: Date | null
  /** The run that this one takes back; null for an import. */
  undoOf: string | null
  /** Version of the records that the run made, null before it changed any. */
  appliedVersion: number | null
  journalPurgedAt: Date | null
  /** For how many days its log was kept; set when the removal begins, null while the log is there. */
  logKeptDays: number | null
  logPurgedAt: Date | null
  /** Number of the newest attempt at a step that replaces what the one before it left. */
  stepFence: Generated<number>
}
