import { withDistrict } from '../../db/database.ts'
import type { AlarmKey } from '../../db/schedule/alarms.ts'
import { listOpenRuns } from '../../db/import/open-runs.ts'
import { getRun, type RunRow } from '../../db/import/runs.ts'
import { closeUndoThrough, listOpenUndoThroughs, lostReason } from '../../db/undo/undo-through.ts'
import { deriveUndoThroughWorkflowId } from '../../domain/ids.ts'
import { standsStill, type RunTrouble, type StepAtWork } from '../../domain/run-trouble.ts'
import type { AlarmFacts } from '../../domain/schedule/alarm.ts'
import { createCloseRun } from '../import/close-run.ts'
import type { ScheduleDependencies, WatchLimits } from './schedule-dependencies.ts'
import type { RunWorkflowFacts } from '../workflow-port.ts'

const minuteMs = 60_000
const defaultLimits: WatchLimits = {
  youngRunMs: 2 * minuteMs,
  failedAttempts: 6,
  stillMs: 5 * minuteMs,
  stalledMs: 12 * 60 * minuteMs,
  heldMs: 3 * 24 * 60 * minuteMs,
}

/** An alarm that should be open now. */
export type WantedAlarm = AlarmKey & {
  readonly facts: AlarmFacts
  /** What of it is to be shown in Temporal's UI, and where. */
  readonly shown?: { readonly workflowId: string; readonly trouble: RunTrouble }
}

export type WatchedRuns = {
  readonly alarms: readonly WantedAlarm[]
  readonly restarted: number
  readonly closed: number
}

/**
 * Looks at the runs of a district that have not ended. A workflow that Temporal does not have is started again: every
 * step of it can be repeated. One that ended and left its run open, because somebody terminated it, is not: its run is
 * closed, with the reason. What only a person can mend is an alarm.
 */
export async function watchRuns(
  dependencies: ScheduleDependencies,
  { id: districtId, slug }: { readonly id: string; readonly slug: string },
): Promise<WatchedRuns> {
  const { db, log, now, workflows, watchLimits } = dependencies
  const limits = { ...defaultLimits, ...watchLimits }
  const runs = await withDistrict(db, districtId, listOpenRuns)
  const alarms: WantedAlarm[] = []
  let restarted = 0
  let closed = 0
  for (const run of runs) {
    const ageMs = now().getTime() - run.createdAt.getTime()
    if (ageMs < limits.youngRunMs) continue
    const facts = await workflows.describeRun(run.workflowId)
    if (facts.state === 'notFound') {
      const { id: runId, dataType, workflowId, isTest } = run
      const fetchesInput = run.inputFileId === null
      await workflows.startRun({ runId, districtId, district: slug, dataType, workflowId, isTest, fetchesInput })
      log.warn({ runId, state: run.state }, 'a run without a workflow was started again')
      restarted += 1
    } else if (facts.state === 'ended') {
      if (await closeAbandonedRun(dependencies, run, facts.how)) closed += 1
    } else {
      const found = findTrouble(run, facts, now(), limits)
      const { connectionId, dataType, workflowId } = run
      if (found === undefined) continue
      const { kind, trouble, facts: alarmFacts } = found
      const shown = trouble !== undefined && run.undoOf === null ? { shown: { workflowId, trouble } } : {}
      alarms.push({ districtId, connectionId, dataType, runId: run.id, kind, facts: alarmFacts, ...shown })
    }
  }
  closed += await closeLostUndoThroughs(dependencies, districtId, limits.youngRunMs)
  return { alarms, restarted, closed }
}

/** An undo of several runs whose workflow is gone would keep later imports waiting. */
async function closeLostUndoThroughs(
  { db, log, now, workflows }: ScheduleDependencies,
  districtId: string,
  youngMs: number,
): Promise<number> {
  let closed = 0
  for (const { id, runId, createdAt } of await withDistrict(db, districtId, listOpenUndoThroughs)) {
    if (now().getTime() - createdAt.getTime() < youngMs) continue
    const { state } = await workflows.describeRun(deriveUndoThroughWorkflowId(runId))
    if (state === 'running') continue
    const end = { id, now: now(), stoppedReason: lostReason }
    await withDistrict(db, districtId, (trx) => closeUndoThrough(trx, end))
    log.warn({ runId }, 'an undo of several runs without a workflow was closed')
    closed += 1
  }
  return closed
}

async function closeAbandonedRun(dependencies: ScheduleDependencies, run: RunRow, how: string): Promise<boolean> {
  const { db, log } = dependencies
  const { id: runId, districtId } = run
  // A workflow that ends well closes its run first: asked again, such a run is closed by now.
  const { state } = await withDistrict(db, districtId, (trx) => getRun(trx, runId))
  if (state !== run.state) return false
  const reason = `its workflow was ended in Temporal (${how}) before the run was over`
  await createCloseRun(dependencies)({ districtId, runId, outcome: { kind: 'cancelled', by: 'watchdog', reason } })
  log.warn({ runId, state: run.state, how }, 'a run whose workflow had ended was closed')
  return true
}

type FoundTrouble = Pick<WantedAlarm, 'kind' | 'facts'> & { readonly trouble?: RunTrouble }

function findTrouble(
  run: RunRow,
  { trouble, atWork }: Extract<RunWorkflowFacts, { state: 'running' }>,
  now: Date,
  limits: WatchLimits,
): FoundTrouble | undefined {
  const { state } = run
  const ageMs = now.getTime() - run.createdAt.getTime()
  if (trouble !== undefined && trouble.attempts >= limits.failedAttempts) {
    const { step, attempts, code: failureCode } = trouble
    return { kind: 'runRetrying', facts: { state, step, attempts, failureCode }, trouble }
  }
  if (state === 'held') return ageMs >= limits.heldMs ? { kind: 'runHeldLong', facts: { state } } : undefined
  const stillMs = atWork === undefined ? 0 : now.getTime() - findLastMove(run, atWork).getTime()
  if (atWork !== undefined && stillMs >= allowStillMs(run, limits)) {
    const { step } = atWork
    const detail = `Nothing has moved for ${Math.floor(stillMs / minuteMs)} minutes, though its worker is alive.`
    const still = { step, attempts: 0, code: standsStill, detail, nextTryAt: null }
    return { kind: 'runStalled', facts: { state, step, failureCode: standsStill }, trouble: still }
  }
  return ageMs >= limits.stalledMs ? { kind: 'runStalled', facts: { state } } : undefined
}

/** A step that is at work says so whenever a batch, or a second, is over. */
function findLastMove({ progress }: RunRow, { startedAt }: StepAtWork): Date {
  const updatedAt = progress?.['updatedAt']
  const told = typeof updatedAt === 'string' ? new Date(updatedAt) : startedAt
  return told > startedAt ? told : startedAt
}

/** One statement of a plan is about all rows of the run, and tells nothing until it is through. */
function allowStillMs({ staging, inputBytes }: RunRow, { stillMs }: WatchLimits): number {
  return stillMs + (staging?.rowsRead ?? (inputBytes ?? 0) / 15) / 4
}
