import {
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client'
import type { LeftOut, RunWorkflowFacts, WorkflowPort } from '../activities/workflow-port.ts'
import { findRunTrouble, findStepAtWork, joinParts, troubleSignal, type RunTrouble } from '../domain/run-trouble.ts'
import {
  deriveImportSetStart,
  deriveRunStart,
  type StartedImportSet,
  type StartedRun,
} from '../domain/derive-run-start.ts'

/** What steps ask of Temporal, through the client of the worker. */
export function createWorkflowPort(client: Client, taskQueue: string): WorkflowPort {
  return {
    startRun: (run) => startRun(client, taskQueue, run),
    startImportSet: (set) => startImportSet(client, taskQueue, set),
    describeRun: (workflowId) => describeRun(client, workflowId),
    tellTrouble: (workflowId, trouble) => tellTrouble(client, workflowId, trouble),
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

async function startImportSet(client: Client, taskQueue: string, set: StartedImportSet): Promise<void> {
  const { args, ...start } = deriveImportSetStart(set)
  try {
    await client.workflow.start('importSet', { ...start, taskQueue, args: [...args] })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

async function describeRun(client: Client, workflowId: string): Promise<RunWorkflowFacts> {
  try {
    const describe = (id: string) => client.workflow.getHandle(id).describe()
    const { status, raw } = await describe(workflowId)
    if (status.name !== 'RUNNING') return { state: 'ended', how: status.name.toLowerCase() }
    const work = await joinParts(raw, describe)
    return { state: 'running', trouble: findRunTrouble(work, new Date()), atWork: findStepAtWork(work) }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { state: 'notFound' }
    throw error
  }
}

async function tellTrouble(client: Client, workflowId: string, trouble: RunTrouble | undefined): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(troubleSignal, { trouble: trouble ?? null })
  } catch (error) {
    // It has ended since, which is the end of the trouble too.
    if (!(error instanceof WorkflowNotFoundError)) throw error
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
