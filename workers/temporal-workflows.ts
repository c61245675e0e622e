import {
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client'
import type { LeftOut, RunWorkflowFacts, WorkflowPort } from '../activities/workflow-port.ts'
import { deriveRunStart, type StartedRun } from '../domain/derive-run-start.ts'

/** What steps ask of Temporal, through the client of the worker. */
export function createWorkflowPort(client: Client, taskQueue: string): WorkflowPort {
  return {
    startRun: (run) => startRun(client, taskQueue, run),
    describeRun: (workflowId) => describeRun(client, workflowId),
    countLeftOut: (scheduleId) => countLeftOut(client, scheduleId),
  }
}

async function startRun(client: Client, taskQueue: string, run: StartedRun): Promise<void> {
  const { args, typedSearchAttributes, ...start } = deriveRunStart(run)
  try {
    await client.workflow.start('runImport', {
      ...start,
      taskQueue,
      args: [...args],
      typedSearchAttributes: [...typedSearchAttributes],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

async function describeRun(client: Client, workflowId: string): Promise<RunWorkflowFacts> {
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe()
    if (status.name !== 'RUNNING') return { state: 'ended', how: status.name.toLowerCase() }
    const failing = (raw.pendingActivities ?? [])
      .map(({ activityType, attempt, lastFailure }) => ({
        step: activityType?.name ?? 'unknown',
        attempts: (attempt ?? 1) - 1,
        code: lastFailure?.applicationFailureInfo?.type ?? 'TIMED_OUT',
      }))
      .toSorted((a, b) => b.attempts - a.attempts)[0]
    const taskFailures = (raw.pendingWorkflowTask?.attempt ?? 1) - 1
    if (taskFailures > (failing?.attempts ?? 0)) {
      return { state: 'running', failing: { step: 'workflow', attempts: taskFailures, code: 'INTERNAL_ERROR' } }
    }
    return { state: 'running', failing: failing === undefined || failing.attempts === 0 ? null : failing }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { state: 'notFound' }
    throw error
  }
}

async function countLeftOut(client: Client, scheduleId: string): Promise<LeftOut | undefined> {
  try {
    const { info } = await client.schedule.getHandle(scheduleId).describe()
    return { overlaps: info.numActionsSkippedOverlap, missed: info.numActionsMissedCatchupWindow }
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined
    throw error
  }
}
