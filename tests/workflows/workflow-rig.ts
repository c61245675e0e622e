import { randomUUID } from 'node:crypto'
import { Client, Connection, type WorkflowHandle, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker'
import type {
  CaseActivities,
  ImportActivities,
  NotificationActivities,
  UndoActivities,
} from '../../activities/interface.ts'
import { deriveRunLabels, runSummary } from '../../domain/derive-run-start.ts'
import { deriveDeliveryWorkflowId, deriveRunWorkflowId } from '../../domain/ids.ts'
import { getWorkflowBundle } from '../../stack/code/workflow-bundle.ts'
import type { RunTimings } from '../../workflows/activity-options.ts'
import type { DeliveryInput } from '../../workflows/notify/deliver.ts'
import type { runImport } from '../../workflows/import/run-import.ts'
import { getTestTemporal } from '../harness/temporal.ts'

export type RunHandle = WorkflowHandleWithFirstExecutionRunId<typeof runImport>

export type StartOptions = {
  readonly district?: string
  readonly runId?: string
  readonly timings?: Partial<RunTimings>
}

/** Another queue than one of its own, another release than this one. */
export type WorkerChoice = { readonly taskQueue?: string; readonly workflowBundle?: WorkflowBundleOption }

export type WorkflowRig = {
  readonly client: Client
  /** Of this test file alone: files share a server, and a district's slug is part of workflow ids. */
  readonly district: string
  /** Of the worker that polls now. */
  readonly taskQueue: string
  /** Starts a run on the worker of `withWorker`. */
  readonly start: (options?: StartOptions) => Promise<RunHandle>
  readonly startDelivery: (type: 'deliverMail' | 'deliverWebhook', input: DeliveryInput) => Promise<WorkflowHandle>
  /** Runs `story` while a worker with these activities polls; the worker is gone when it returns. */
  readonly withWorker: <T>(
    activities: ImportActivities & Partial<UndoActivities> & Partial<CaseActivities>,
    story: () => Promise<T>,
    notifications?: Partial<NotificationActivities>,
    options?: WorkerChoice,
  ) => Promise<T>
}

export const testDistrictId = '0198a000-0000-7000-8000-000000000001'

/** Waits short enough for a test; the heartbeat stays long, for a busy machine is not a dead worker. */
const testTimings: Partial<RunTimings> = { turnPollMs: 50, turnPollMaxMs: 200, reviewMs: 600_000, heartbeatMs: 30_000 }

/** A worker and a client of the server of the test run. Call it at the top of a test file. */
export function useWorkflowRig(): WorkflowRig {
  const district = `lincoln-${randomUUID().slice(0, 8)}`
  let taskQueue = ''
  let client: Client
  let connections: [Connection, NativeConnection]
  let codePath = ''

  beforeAll(async () => {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
    })
    const { address } = await getTestTemporal()
    connections = [await Connection.connect({ address }), await NativeConnection.connect({ address })]
    client = new Client({ connection: connections[0], identity: 'test-client' })
    codePath = await getWorkflowBundle()
  })
  afterAll(async () => {
    for (const connection of connections) await connection.close()
  })

  return {
    district,
    get client() {
      return client
    },
    get taskQueue() {
      return taskQueue
    },
    start: (options = {}) => {
      const { runId = randomUUID(), timings = {} } = options
      const facts = { district: options.district ?? district, dataType: 'students', runId, isTest: false }
      const labels = deriveRunLabels(facts)
      return client.workflow.start<typeof runImport>('runImport', {
        workflowId: deriveRunWorkflowId(facts.district, facts.dataType, runId),
        taskQueue,
        args: [
          {
            districtId: testDistrictId,
            runId,
            district: facts.district,
            dataType: 'students',
            timings: { ...testTimings, ...timings },
          },
        ],
        staticSummary: runSummary(facts),
        typedSearchAttributes: new TypedSearchAttributes(
          Object.entries(labels).map(([name, value]) => ({ key: { name, type: 'KEYWORD' as const }, value })),
        ),
        priority: { fairnessKey: facts.district },
      })
    },
    startDelivery: (type, input) =>
      client.workflow.start(type, {
        workflowId: deriveDeliveryWorkflowId(input.deliveryId, input.round),
        taskQueue,
        args: [input],
      }),
    withWorker: async (activities, story, notifications = {}, options = {}) => {
      taskQueue = options.taskQueue ?? `rollbook-${randomUUID()}`
      const worker = await Worker.create({
        connection: connections[1],
        taskQueue,
        workflowBundle: options.workflowBundle ?? { codePath },
        activities,
        maxHeartbeatThrottleInterval: 100,
        // Enters recorded histories; by default it names the machine.
        identity: 'test-worker',
      })
      const notifier = await Worker.create({
        connection: connections[1],
        taskQueue: `${taskQueue}-notifications`,
        activities: { announceEvents: () => Promise.resolve(), ...notifications },
        identity: 'test-worker',
      })
      return notifier.runUntil(worker.runUntil(story()))
    },
  }
}
