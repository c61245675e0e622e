import { randomUUID } from 'node:crypto'
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import type { ClosedUndo, ImportActivities, UndoActivities } from '../../../activities/interface.ts'
import type { undoThrough } from '../../../workflows/undo/undo-through.ts'
import type { undoWindow } from '../../../workflows/undo/undo-window.ts'
import { standInActivities, type Calls } from '../stand-in-activities.ts'
import { testDistrictId, type WorkflowRig } from '../workflow-rig.ts'

export type WindowHandle = WorkflowHandleWithFirstExecutionRunId<typeof undoWindow>
export type ThroughHandle = WorkflowHandleWithFirstExecutionRunId<typeof undoThrough>

export const undoRunId = '0198a000-0000-7000-8000-0000000000ad'
/** As of an undo that changed nothing, so that it opens no window of its own. */
export const closedUndo: ClosedUndo = {
  state: 'completed',
  reverted: 76,
  madeInactive: 3,
  skipped: 0,
  undoUntil: null,
}

/** Stand-ins for the steps of an undo window beside those of an import. What they were asked for lands in `calls`. */
export function standInUndo(calls: Calls, changed: Partial<UndoActivities> = {}): ImportActivities & UndoActivities {
  const steps: UndoActivities = {
    openUndo: () => Promise.resolve({ kind: 'opened', undoRunId, heartbeatMs: 30_000 }),
    carryOutUndo: () => Promise.resolve({ obstacle: null }),
    closeUndo: () => Promise.resolve(closedUndo),
    purgeJournal: () => Promise.resolve({ purgedRows: 79 }),
    openUndoThrough: () => Promise.resolve({ isOpen: true, stoppedReason: null }),
    closeUndoThrough: () => Promise.resolve(),
    ...changed,
  }
  return {
    ...standInActivities(calls),
    openUndo: (wish) => {
      calls.push(`openUndo:${wish.by}`)
      return steps.openUndo(wish)
    },
    carryOutUndo: (undo) => {
      calls.push('carryOutUndo')
      return steps.carryOutUndo(undo)
    },
    closeUndo: (request) => {
      calls.push(`closeUndo:${request.outcome.kind}`)
      return steps.closeUndo(request)
    },
    purgeJournal: (run) => {
      calls.push('purgeJournal')
      return steps.purgeJournal(run)
    },
    openUndoThrough: (wish) => {
      calls.push(`openUndoThrough:${wish.by}`)
      return steps.openUndoThrough(wish)
    },
    closeUndoThrough: (end) => {
      calls.push(end.stoppedReason === null ? 'closeUndoThrough' : `closeUndoThrough:${end.stoppedReason}`)
      return steps.closeUndoThrough(end)
    },
  }
}

/** Opens the undo window of a new run for so long, on the worker of `withWorker`. */
export function openWindow(rig: WorkflowRig, windowMs: number, runId: string = randomUUID()): Promise<WindowHandle> {
  return rig.client.workflow.start<typeof undoWindow>('undoWindow', {
    workflowId: `undo/${runId}`,
    taskQueue: rig.taskQueue,
    args: [
      {
        districtId: testDistrictId,
        runId,
        district: rig.district,
        dataType: 'students',
        undoUntil: new Date(Date.now() + windowMs).toISOString(),
        timings: { turnPollMs: 50, turnPollMaxMs: 200 },
      },
    ],
  })
}

/** Starts to take these runs back, the newest first, on the worker of `withWorker`. */
export function startThrough(rig: WorkflowRig, runIds: readonly string[]): Promise<ThroughHandle> {
  const runId = runIds.at(-1) ?? ''
  return rig.client.workflow.start<typeof undoThrough>('undoThrough', {
    workflowId: `undo-through/${runId}`,
    taskQueue: rig.taskQueue,
    args: [
      {
        ...{ districtId: testDistrictId, district: rig.district, dataType: 'students' },
        ...{ runId, runIds, by: 'operator-7', reason: 'wrong file', askedAt: new Date().toISOString() },
        timings: { turnPollMs: 50, turnPollMaxMs: 200 },
      },
    ],
  })
}
