import { sql, type Selectable, type Transaction, type Updateable } from 'kysely'
import { RollbookFailure } from '../../domain/errors.ts'
import type { FindingCounts } from '../../domain/import-rules/finding.ts'
import { isMove, isOver, type RunState } from '../../domain/import-run.ts'
import type { Database } from '../database.ts'
import type {
  FindingsByRule,
  ImportRuns,
  RunFailure,
  RunHold,
  RunProgress,
  StagingFacts,
} from '../tables/import-runs.ts'
import type { RunCounts } from '../../domain/import-run.ts'

export type RunRow = Selectable<ImportRuns>

export type NewRun = {
  /** Given by the caller, because the workflow id is made of it. */
  readonly id: string
  readonly districtId: string
  readonly connectionId: string
  readonly dataType: string
  readonly isTest: boolean
  readonly approveHold: boolean
  readonly isResolution?: boolean
  readonly inputFileId: string | null
  readonly inputSha256: string | null
  readonly inputBytes: number | null
  readonly rerunOf: string | null
  /** The version it is to work with; without it the one that is configured when it opens. */
  readonly mappingVersionId?: string | null
  readonly requestedBy: string
  readonly workflowId: string
}

/** The same id a second time gives the run that is there: a request may be repeated. */
export async function insertRun(trx: Transaction<Database>, run: NewRun): Promise<RunRow> {
  const inserted = await trx
    .insertInto('importRuns')
    .values(run)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
  return inserted ?? getRun(trx, run.id)
}

export function findRun(trx: Transaction<Database>, runId: string): Promise<RunRow | undefined> {
  return trx.selectFrom('importRuns').selectAll().where('id', '=', runId).executeTakeFirst()
}

/** Throws when the run is not there, or belongs to another district than the transaction's. */
export async function getRun(trx: Transaction<Database>, runId: string): Promise<RunRow> {
  const run = await findRun(trx, runId)
  if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
  return run
}

/** The run, held against everybody else until the transaction ends. */
export function lockRun(trx: Transaction<Database>, runId: string): Promise<RunRow | undefined> {
  return trx.selectFrom('importRuns').selectAll().where('id', '=', runId).forUpdate().executeTakeFirst()
}

/**
 * Runs of the data type that wait for a decision and were asked for before this one, which releases them; oldest first. A field
 * import releases those of its own connection, and no other import releases it.
 */
export function listOlderHeldRuns(
  trx: Transaction<Database>,
  {
    id,
    districtId,
    dataType,
    isFieldImport,
    connectionId,
  }: Pick<RunRow, 'id' | 'districtId' | 'dataType' | 'isFieldImport' | 'connectionId'>,
): Promise<RunRow[]> {
  // In the database: a moment has more digits there than a Date has.
  const isOlder = sql<boolean>`(created_at, id) < (select newer.created_at, newer.id from import_runs newer
    where newer.id = ${id})`
  return trx
    .selectFrom('importRuns')
    .selectAll()
    .where('districtId', '=', districtId)
    .where('dataType', '=', dataType)
    .where('state', '=', 'held')
    .where('isFieldImport', '=', isFieldImport)
    .$if(isFieldImport, (runs) => runs.where('connectionId', '=', connectionId))
    .where(isOlder)
    .orderBy('createdAt')
    .execute()
}

/**
 * Moves a run to another state and sets what goes with it. A run that is there already is left as it is, apart from
 * `also`: the step is being repeated. Throws when domain/import-run.ts has no such move; of a run that is over
 * RollbookFailure RUN_OVER, for its workflow can be reset in Temporal. The row stays locked.
 */
export async function moveRun(
  trx: Transaction<Database>,
  runId: string,
  to: RunState,
  also: {
    readonly startedAt?: Date
    readonly finishedAt?: Date
    readonly undoUntil?: Date | null
    readonly closedReason?: string
    readonly failure?: RunFailure
    readonly hold?: RunHold
  } = {},
): Promise<{ readonly from: RunState }> {
  const run = await lockRun(trx, runId)
  if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
  if (run.state !== to && isOver(run.state) && !isMove(run.state, to)) throw new RollbookFailure('RUN_OVER')
  if (run.state !== to && !isMove(run.state, to)) throw new Error(`run ${runId} cannot move from ${run.state} to ${to}`)
  const { failure, hold, ...times } = also
  await updateRun(trx, runId, {
    state: to,
    ...times,
    ...(failure !== undefined && { failure: JSON.stringify(failure) }),
    ...(hold !== undefined && { hold: JSON.stringify(hold) }),
  })
  return { from: run.state }
}

/** What openRun fixes: the mapping, and an input that the connector fetched by itself. */
export function updateRunInput(
  trx: Transaction<Database>,
  runId: string,
  input: {
    readonly mappingVersionId?: string
    readonly mappingFingerprint?: string
    readonly academicYear?: number
    readonly isFieldImport?: boolean
    readonly inputFileId?: string
    readonly inputSha256?: string
    readonly inputBytes?: number
    readonly startedAt?: Date
  },
): Promise<void> {
  return updateRun(trx, runId, input)
}

/** Which state of the records staging compares with (HeldDigests of db/staging/held-digests.ts). */
export function updateRunBase(
  trx: Transaction<Database>,
  runId: string,
  base: { readonly rosterVersion: number; readonly rosterBatches: number; readonly heldSnapshot: string },
): Promise<void> {
  // Field by field: what is handed over may carry more than the run keeps.
  const { rosterVersion, rosterBatches, heldSnapshot } = base
  return updateRun(trx, runId, { rosterVersion, rosterBatches, heldSnapshot })
}

export function updateRunStaging(trx: Transaction<Database>, runId: string, staging: StagingFacts): Promise<void> {
  return updateRun(trx, runId, { staging: JSON.stringify(staging) })
}

/** With the time, by which a step that does not get on is told from one that does. */
export function updateRunProgress(trx: Transaction<Database>, runId: string, progress: RunProgress): Promise<void> {
  return updateRun(trx, runId, { progress: JSON.stringify({ ...progress, updatedAt: new Date().toISOString() }) })
}

export function updateRunCounts(trx: Transaction<Database>, runId: string, counts: Partial<RunCounts>): Promise<void> {
  return updateRun(trx, runId, { counts: JSON.stringify(counts) })
}

/** Replaces both; findings of the plan are added by buildPlan afterwards. */
export function updateRunFindings(
  trx: Transaction<Database>,
  runId: string,
  { totals, byRule }: { readonly totals: FindingCounts; readonly byRule: FindingsByRule },
): Promise<void> {
  return updateRun(trx, runId, { findingCounts: JSON.stringify(totals), findingsByRule: JSON.stringify(byRule) })
}

async function updateRun(trx: Transaction<Database>, runId: string, values: Updateable<ImportRuns>): Promise<void> {
  // An update without a column is not SQL.
  if (Object.keys(values).length === 0) return
  await trx.updateTable('importRuns').set(values).where('id', '=', runId).execute()
}
