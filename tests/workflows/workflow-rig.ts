import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker'
import type { ImportActivities } from '../../activities/interface.ts'
import { deriveRunLabels, runSearchAttributes, runSummary } from '../../domain/derive-run-start.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import { bundleWorkflows } from '../../workers/bundle-workflows.ts'
import type { RunTimings } from '../../workflows/activity-options.ts'
import type { runImport } from '../../workflows/run-import.ts'

export type RunHandle = WorkflowHandleWithFirstExecutionRunId<typeof runImport>

export type StartOptions = {
  readonly district?: string
  readonly runId?: string
  readonly timings?: Partial<RunTimings>
}

export type WorkflowRig = {
  readonly client: Client
  /** Starts a run on the worker of `withWorker`. */
  readonly start: (options?: StartOptions) => Promise<RunHandle>
  /** Runs `story` while a worker with these activities polls; the worker is gone when it returns. */
  readonly withWorker: <T>(activities: ImportActivities, story: () => Promise<T>) => Promise<T>
}

export const testDistrictId = '0198a000-0000-7000-8000-000000000001'

/** Waits short enough for a test; the heartbeat stays long, for a busy machine is not a dead worker. */
const testTimings: Partial<RunTimings> = { turnPollMs: 50, turnPollMaxMs: 200, reviewMs: 600_000, heartbeatMs: 30_000 }

/** One Temporal dev server and one bundle per test file. Call it at the top of the file. */
export function useWorkflowRig(): WorkflowRig {
  let environment: TestWorkflowEnvironment
  let workflowBundle: WorkflowBundle
  let taskQueue = ''

  before(async () => {
    const logger = new DefaultLogger('ERROR')
    Runtime.install({ logger, telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } })
    environment = await startEnvironment()
    workflowBundle = await bundleWorkflows(logger)
  })
  after(async () => {
    await environment.teardown()
  })

  return {
    get client() {
      return environment.client
    },
    start: (options = {}) => {
      const { district = 'lincoln-county', runId = randomUUID(), timings = {} } = options
      const facts = { district, dataType: 'students', runId, isTest: false }
      const labels = deriveRunLabels(facts)
      return environment.client.workflow.start<typeof runImport>('runImport', {
        workflowId: deriveRunWorkflowId(district, facts.dataType, runId),
        taskQueue,
        args: [
          {
            districtId: testDistrictId,
            runId,
            district,
            dataType: 'students',
            timings: { ...testTimings, ...timings },
          },
        ],
        staticSummary: runSummary(facts),
        typedSearchAttributes: new TypedSearchAttributes(
          Object.entries(labels).map(([name, value]) => ({ key: { name, type: 'KEYWORD' as const }, value })),
        ),
        priority: { fairnessKey: district },
      })
    },
    withWorker: async (activities, story) => {
      taskQueue = `rollbook-${randomUUID()}`
      const worker = await Worker.create({
        connection: environment.nativeConnection,
        taskQueue,
        workflowBundle,
        activities,
        maxHeartbeatThrottleInterval: 100,
      })
      return worker.runUntil(story())
    },
  }
}

function startEnvironment(): Promise<TestWorkflowEnvironment> {
  const path = process.env['ROLLBOOK_TEMPORAL_CLI'] ?? ''
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes: Object.entries(runSearchAttributes).map(([name, type]) => ({ name, type })),
    },
  })
}
