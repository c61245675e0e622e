import { randomUUID } from 'node:crypto'
import { activityInfo, Context } from '@temporalio/activity'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { findConfiguration } from '../../db/connect/configurations.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { insertEvent } from '../../db/notify/events.ts'
import { listMissingPrerequisites } from '../../db/import/list-missing-prerequisites.ts'
import { findRunAtWork } from '../../db/import/open-runs.ts'
import { insertRun } from '../../db/import/runs.ts'
import { findFiring, insertFiring } from '../../db/schedule/schedule-firings.ts'
import { lockSchedule, type ScheduleRow } from '../../db/schedule/schedules.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import { findRange } from '../../domain/schedule/date-ranges.ts'
import { isDue } from '../../domain/schedule/derive-schedule-spec.ts'
import type { FiringOutcome } from '../../domain/schedule/firing-outcome.ts'
import { deriveLocalTime } from '../../domain/schedule/local-time.ts'
import { notingConnection } from '../connect/note-connection.ts'
import { recordLeftOutStarts } from './record-left-out-starts.ts'
import { openSource } from '../connect/open-source.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import type { FiringDecision, ScheduleActivities, ScheduleRef } from '../schedule-interface.ts'

type Due = ScheduleRef & { readonly dueAt: Date; readonly timeZone: string }

/** With the pauses of workflows/schedule/schedule-steps.ts, about a quarter of an hour. */
const defaultSourceTries = 10

/**
 * 1. passes on what Temporal left out since it was last asked (overlaps with a start not yet decided, missed ones)
 * 2. finds what was decided about this time before, or a reason for no run
 * 3. looks whether there is anything at the source
 * 4. writes the run down together with the decision, and starts its workflow
 *
 * Any part may be repeated: a time is decided about once, and a run that was written down is started again.
 */
export function createDecideFiring(dependencies: ScheduleDependencies): ScheduleActivities['decideFiring'] {
  const { db, workflows } = dependencies
  return async ({ dueAt, ...schedule }) => {
    const { districtId, connectionId } = schedule
    const timeZone = (await findDistrict(db, districtId))?.timeZone ?? 'UTC'
    const due: Due = { ...schedule, dueAt: new Date(dueAt), timeZone }
    const inDistrict = (fn: (trx: Transaction<Database>) => Promise<FiringDecision | undefined>) =>
      withDistrict(db, districtId, fn)
    await recordLeftOutStarts(dependencies, schedule)

    let decision = await inDistrict((trx) => findDecision(trx, due))
    if (decision === undefined) {
      const missing = await lookAtSource(dependencies, districtId, connectionId)
      decision = await inDistrict(async (trx) => {
        // Again, behind the lock: somebody may have paused it, or begun a run, while the source was asked.
        const meanwhile = await findDecision(trx, due)
        if (meanwhile !== undefined) return meanwhile
        return missing === undefined ? await beginRun(trx, due) : await decide(trx, due, missing.outcome, missing)
      })
    }
    if (decision?.outcome === 'started' && decision.runId !== null) {
      const { district, dataType } = schedule
      const { runId } = decision
      const workflowId = deriveRunWorkflowId(district, dataType, runId)
      const run = { districtId, district, dataType, runId, workflowId, isTest: false }
      const source = await openSource(dependencies, districtId, connectionId)
      await workflows.startRun({ ...run, fetchesInput: source !== undefined })
    }
    return decision ?? { outcome: 'gone', runId: null }
  }
}

/** Undefined: nothing is decided yet, and nothing here speaks against a run. */
async function findDecision(trx: Transaction<Database>, due: Due): Promise<FiringDecision | undefined> {
  const schedule = await lockSchedule(trx, due)
  if (schedule === undefined) return { outcome: 'gone', runId: null }
  const { settings } = schedule
  if (!isDue({ settings, timeZone: due.timeZone }, due.dueAt.getTime())) return { outcome: 'notDue', runId: null }
  const earlier = await findFiring(trx, due)
  if (earlier !== undefined) return { outcome: earlier.outcome, runId: earlier.runId }
  const reason = await findReason(trx, due, schedule)
  return reason === undefined ? undefined : await decide(trx, due, reason.outcome, reason)
}

type Reason = {
  readonly outcome: FiringOutcome
  readonly runId?: string
  readonly code?: string
  readonly waitsFor?: readonly string[]
}

async function findReason(trx: Transaction<Database>, due: Due, schedule: ScheduleRow): Promise<Reason | undefined> {
  if (schedule.isPaused) return { outcome: 'paused' }
  const configuration = await findConfiguration(trx, due)
  if (configuration?.isEnabled !== true) return { outcome: 'disabled' }
  const { date } = deriveLocalTime(due.dueAt.getTime(), due.timeZone)
  if (findRange(configuration.settings.blackouts, date) !== undefined) return { outcome: 'blackout' }
  const atWork = await findRunAtWork(trx, due)
  if (atWork !== undefined) return { outcome: 'overlap', runId: atWork.id }
  const waitsFor = await listMissingPrerequisites(trx, due)
  return waitsFor.length === 0 ? undefined : { outcome: 'notReady', waitsFor }
}

async function decide(
  trx: Transaction<Database>,
  { districtId, connectionId, dataType, dueAt }: Due,
  outcome: FiringOutcome,
  { runId, code, waitsFor = [] }: Omit<Reason, 'outcome'> = {},
): Promise<FiringDecision> {
  const about = { districtId, connectionId, dataType, ...(runId !== undefined && { runId }) }
  await insertFiring(trx, { ...about, dueAt, outcome, waitsFor, ...(code !== undefined && { code }) })
  if (outcome === 'overlap') {
    const onceKey = `runSkipped/${connectionId}/${dataType}/${dueAt.toISOString()}`
    await insertEvent(trx, { ...about, kind: 'runSkipped', onceKey })
  }
  return { outcome, runId: runId ?? null }
}

async function beginRun(trx: Transaction<Database>, due: Due): Promise<FiringDecision> {
  const { districtId, district, connectionId, dataType } = due
  const runId = randomUUID()
  await insertRun(trx, {
    ...{ id: runId, districtId, connectionId, dataType, isTest: false, approveHold: false },
    ...{ inputFileId: null, inputSha256: null, inputBytes: null, rerunOf: null, requestedBy: 'schedule' },
    workflowId: deriveRunWorkflowId(district, dataType, runId),
  })
  return await decide(trx, due, 'started', { runId })
}

/** Undefined when there is something to import, be it what was imported before: the run says so. */
async function lookAtSource(
  dependencies: ScheduleDependencies,
  districtId: string,
  connectionId: string,
): Promise<Reason | undefined> {
  try {
    const source = await openSource(dependencies, districtId, connectionId)
    // Where pages are read there always are some.
    if (source?.kind !== 'file') return undefined
    const signal = Context.current().cancellationSignal
    const found = await notingConnection(dependencies, { districtId, connectionId }, () => source.find(signal))
    return found === undefined ? { outcome: 'noPackage' } : undefined
  } catch (error) {
    if (!(error instanceof RollbookFailure)) throw error
    if (error.code === 'SOURCE_REFUSED') return { outcome: 'refused', code: error.code }
    if (
      error.code !== 'SOURCE_UNAVAILABLE' ||
      activityInfo().attempt < (dependencies.sourceTries ?? defaultSourceTries)
    )
      throw error
    return { outcome: 'unreachable', code: error.code }
  }
}
