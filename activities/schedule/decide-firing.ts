import { randomUUID } from 'node:crypto'
import { activityInfo, Context } from '@temporalio/activity'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { insertEvent } from '../../db/notify/events.ts'
import { insertImportSet } from '../../db/import/import-sets.ts'
import { insertRun } from '../../db/import/runs.ts'
import { findFiring, insertFiring } from '../../db/schedule/schedule-firings.ts'
import { lockSchedule } from '../../db/schedule/schedules.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import { deriveImportSetWorkflowId, deriveRunWorkflowId } from '../../domain/ids.ts'
import { isDue } from '../../domain/schedule/derive-schedule-spec.ts'
import type { FiringOutcome } from '../../domain/schedule/firing-outcome.ts'
import { notingConnection } from '../connect/note-connection.ts'
import { recordLeftOutStarts } from './record-left-out-starts.ts'
import { openSource } from '../connect/open-source.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import { findReason, type Due, type Reason } from './find-reason.ts'
import type { FiringDecision, ScheduleActivities } from '../schedule-interface.ts'

/** With the pauses of workflows/schedule/schedule-steps.ts, about a quarter of an hour. */
const defaultSourceTries = 10

/**
 * 1. passes on what Temporal left out since it was last asked (overlaps with a start not yet decided, missed ones)
 * 2. finds what was decided about this time before, or a reason for no run
 * 3. looks whether there is anything at the source
 * 4. writes the run, or for all data types the import set, down together with the decision, and starts its workflow
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
        return missing === undefined ? await begin(trx, due) : await decide(trx, due, missing.outcome, missing)
      })
    }
    if (decision?.outcome === 'started' && decision.setId !== undefined) {
      const { district } = schedule
      const { setId } = decision
      const workflowId = deriveImportSetWorkflowId(district, setId)
      await workflows.startImportSet({ setId, districtId, district, workflowId, fetchesInput: true })
    } else if (decision?.outcome === 'started' && decision.runId !== null) {
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
  if (earlier !== undefined) {
    const { outcome, runId, setId } = earlier
    return { outcome, runId, ...(setId !== null && { setId }) }
  }
  const reason = await findReason(trx, due, schedule)
  return reason === undefined ? undefined : await decide(trx, due, reason.outcome, reason)
}

async function decide(
  trx: Transaction<Database>,
  { districtId, connectionId, dataType, dueAt }: Due,
  outcome: FiringOutcome,
  { runId, setId, code, waitsFor = [] }: Omit<Reason, 'outcome'> = {},
): Promise<FiringDecision> {
  const about = { districtId, connectionId, dataType, ...(runId !== undefined && { runId }) }
  await insertFiring(trx, {
    ...about,
    dueAt,
    outcome,
    waitsFor,
    ...(setId !== undefined && { setId }),
    ...(code !== undefined && { code }),
  })
  if (outcome === 'overlap') {
    const onceKey = `runSkipped/${connectionId}/${dataType}/${dueAt.toISOString()}`
    await insertEvent(trx, { ...about, kind: 'runSkipped', onceKey })
  }
  return { outcome, runId: runId ?? null, ...(setId !== undefined && { setId }) }
}

async function begin(trx: Transaction<Database>, due: Due): Promise<FiringDecision> {
  const { districtId, district, connectionId, dataType, dueAt } = due
  if (dataType === allDataTypes) {
    const setId = randomUUID()
    await insertImportSet(trx, {
      ...{ id: setId, districtId, connectionId, isTest: false, approveHold: false, dueAt },
      ...{ inputFileId: null, inputSha256: null, inputBytes: null, requestedBy: 'schedule' },
      workflowId: deriveImportSetWorkflowId(district, setId),
    })
    return await decide(trx, due, 'started', { setId })
  }
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
