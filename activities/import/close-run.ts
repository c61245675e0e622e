import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { adoptCases, countCasesOf } from '../../db/resolution/adopt-cases.ts'
import { refreshCaseAlert } from '../../db/resolution/refresh-case-alert.ts'
import { freeCases, settleResolution } from '../../db/resolution/settle-resolution.ts'
import { countApplied } from '../../db/plan/count-applied.ts'
import { replaceAlerts } from '../../db/import/alerts.ts'
import { insertAuditEntry } from '../../db/access/audit.ts'
import { insertRunEvent } from '../../db/notify/run-events.ts'
import { lockRun, moveRun, updateRunCounts, type RunRow } from '../../db/import/runs.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { withoutControlCharacters } from '../../domain/control-characters.ts'
import { failures } from '../../domain/errors.ts'
import type { EventKind } from '../../domain/events/event-kinds.ts'
import { isOver, type RunState } from '../../domain/import-run.ts'
import type { ActivityDependencies, RunEnd } from '../activity-dependencies.ts'
import { deriveAppliedCounts } from './derive-run-counts.ts'
import { describeFailure } from '../describe-failure.ts'
import { findAlerts } from './find-alerts.ts'
import type { ClosedRun, ImportActivities, RunOutcome } from '../interface.ts'

type CloseRunDependencies = Pick<ActivityDependencies, 'db' | 'now' | 'undoWindowMs' | 'onRunEnded'>

/**
 * Ends a run, once: a run that has ended stays as it ended, whatever the second outcome. Counts come from the batches
 * that were really applied, so they are right after a crash and after a cancellation too.
 */
export function createCloseRun(dependencies: CloseRunDependencies): ImportActivities['closeRun'] {
  return async (request) => {
    const { db } = dependencies
    const { closed, end } = await withDistrict(db, request.districtId, (trx) => closeRun(trx, dependencies, request))
    if (end !== undefined) dependencies.onRunEnded?.(end)
    return closed
  }
}

type CloseRequest = Parameters<ImportActivities['closeRun']>[0]

/** The end in the caller's transaction. `end`, to be told when that is committed, is absent where the run was over. */
export async function closeRun(
  trx: Transaction<Database>,
  { now, undoWindowMs }: Pick<CloseRunDependencies, 'now' | 'undoWindowMs'>,
  { districtId, runId, outcome }: CloseRequest,
): Promise<{ readonly closed: ClosedRun; readonly end?: RunEnd }> {
  const run = await lockRun(trx, runId)
  if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
  const tellCases = async () => {
    const openCases = await countCasesOf(trx, runId)
    return openCases > 0 ? { openCases } : {}
  }
  if (isOver(run.state)) {
    return { closed: { state: run.state, undoUntil: run.undoUntil?.toISOString() ?? null, ...(await tellCases()) } }
  }

  const applied = await countApplied(trx, runId)
  const hasChangedRecords = applied.create + applied.update + applied.deactivate + applied.reactivate > 0
  const state = await findFinalState(trx, run, outcome, hasChangedRecords)
  if (!run.isTest) await updateRunCounts(trx, runId, deriveAppliedCounts(run.counts, applied))
  const finishedAt = now()
  const undoUntil = hasChangedRecords ? new Date(finishedAt.getTime() + undoWindowMs) : null
  await moveRun(trx, runId, state, { finishedAt, undoUntil, ...describeEnd(outcome, run) })
  const kind = findEventKind(run, state, outcome)
  if (kind !== undefined) await insertRunEvent(trx, { runId, kind })
  if (outcome.kind === 'cancelled') {
    await insertAuditEntry(trx, {
      districtId,
      actor: withoutControlCharacters(outcome.by),
      action: 'cancelRun',
      subject: { runId },
    })
  }
  const closed = { state, undoUntil: undoUntil?.toISOString() ?? null, ...(await tellCases()) }
  return { closed, end: { dataType: run.dataType, state } }
}

async function findFinalState(
  trx: Transaction<Database>,
  run: RunRow,
  outcome: RunOutcome,
  hasChangedRecords: boolean,
): Promise<RunState> {
  switch (outcome.kind) {
    case 'applied':
      return run.isResolution ? completeResolution(trx, run) : completeRun(trx, run, hasChangedRecords)
    case 'tested':
    case 'unchanged':
      return outcome.kind
    case 'discarded':
      await freeCases(trx, run.id)
      return outcome.kind
    case 'refused':
    case 'cancelled':
    case 'failed':
      await freeCases(trx, run.id)
      return 'cancelled'
  }
}

/** What others are told; whoever started a test import waits for it and is not told by mail. */
function findEventKind(run: RunRow, state: RunState, outcome: RunOutcome): EventKind | undefined {
  if (run.isTest) return undefined
  switch (outcome.kind) {
    case 'applied':
      return state === 'completedWithAlerts' ? 'runCompletedWithAlerts' : 'runCompleted'
    case 'unchanged':
      return 'runUnchanged'
    case 'discarded':
      return 'runDiscarded'
    case 'cancelled':
      return 'runCancelled'
    case 'refused':
    case 'failed':
      return 'runFailed'
    case 'tested':
      return undefined
  }
}

async function completeRun(
  trx: Transaction<Database>,
  run: RunRow,
  hasChangedRecords: boolean,
): Promise<'completed' | 'completedWithAlerts'> {
  // What is to be looked at is in its findings: the alerts tell what the source of the records leaves open.
  if (run.isFieldImport) return (run.findingCounts.error ?? 0) > 0 ? 'completedWithAlerts' : 'completed'
  const { id: runId, districtId } = run
  const dataType = getDataType(run.dataType)
  await adoptCases(trx, { run, dataType })
  const alerts = await findAlerts(trx, { run, dataType, hasChangedRecords })
  await replaceAlerts(trx, { districtId, dataType: dataType.name, runId, alerts })
  return alerts.length > 0 ? 'completedWithAlerts' : 'completed'
}

/** The cases it was about are settled; older runs that only waited for them are complete. */
async function completeResolution(trx: Transaction<Database>, run: RunRow): Promise<'completed'> {
  const dataType = getDataType(run.dataType)
  await settleResolution(trx, { run, dataType })
  await refreshCaseAlert(trx, { districtId: run.districtId, dataType: run.dataType, runId: run.id })
  return 'completed'
}

function describeEnd(outcome: RunOutcome, run: RunRow): Parameters<typeof moveRun>[3] {
  switch (outcome.kind) {
    case 'applied':
    case 'tested':
    case 'unchanged':
      return {}
    case 'discarded':
      return { closedReason: withoutControlCharacters(outcome.reason) }
    case 'cancelled':
      return {
        // A workflow may have taken it before such texts were refused; a run must reach its end whatever was typed.
        closedReason: withoutControlCharacters(`cancelled by ${outcome.by}: ${outcome.reason}`),
        failure: {
          code: 'RUN_CANCELLED',
          detail: failures.RUN_CANCELLED.text,
          by: withoutControlCharacters(outcome.by),
        },
      }
    case 'refused':
      return { failure: { code: 'INPUT_REFUSED', detail: describeRefusal(run) } }
    case 'failed':
      return { failure: { code: outcome.code, detail: describeFailure(outcome.code) } }
  }
}

function describeRefusal({ staging, isFieldImport }: RunRow): string {
  const refusal = staging?.refusal
  if (refusal === undefined) return failures.INPUT_REFUSED.text
  return `The ${isFieldImport ? 'file' : 'package'} cannot be used: ${refusal}.`
}
