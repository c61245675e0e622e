import { setTimeout as sleep } from 'node:timers/promises'
import type * as Temporal from '@temporalio/client'
import { deriveConnectionTestWorkflowId } from '../../domain/ids.ts'
import type { testConnection } from '../../workflows/connect/test-connection.ts'
import { Refusal } from '../failures.ts'

export type WantedTest = {
  readonly districtId: string
  /** The district's slug. */
  readonly district: string
  readonly connectionId: string
  /** Each wish is a test of its own: the settings may have been changed since the last one began. */
  readonly testId: string
}

/** How long a worker may take to begin, and to be done; a source that says nothing is given half a minute. */
export type TestPatience = { readonly toBeginMs: number; readonly toEndMs: number }

const testPatience: TestPatience = { toBeginMs: 10_000, toEndMs: 50_000 }

/** Beyond the end of the workflow, for the answer to come back. */
const answerMs = 5_000

/**
 * Lets a worker try the connection, and waits for it. Throws WORKERS_UNAVAILABLE where none begins, or none is done in
 * time; nothing of the test goes on then.
 */
export async function runConnectionTest(
  client: Temporal.Client,
  temporal: typeof Temporal,
  taskQueue: string,
  { districtId, district, connectionId, testId }: WantedTest,
  { toBeginMs, toEndMs }: TestPatience = testPatience,
): Promise<void> {
  const handle = await client.connection.withDeadline(Date.now() + answerMs, () =>
    client.workflow.start<typeof testConnection>('testConnection', {
      taskQueue,
      workflowId: deriveConnectionTestWorkflowId(connectionId, testId),
      args: [{ districtId, connectionId }],
      workflowExecutionTimeout: toEndMs,
      typedSearchAttributes: [{ key: { name: 'RollbookDistrict', type: 'KEYWORD' }, value: district }],
      staticSummary: `Test of a connection of ${district}`,
      priority: { fairnessKey: district },
    }),
  )
  await client.connection.withDeadline(Date.now() + toEndMs + answerMs, async () => {
    const result = handle.result()
    const waiting = new AbortController()
    try {
      const isBegun = await Promise.race([
        result.then(() => true),
        sleep(toBeginMs, undefined, { signal: waiting.signal }).then(() => hasBegun(handle)),
      ])
      if (isBegun) await result
      else await abandon(handle)
    } catch (error) {
      if (!isOutOfTime(error, temporal)) throw error
      throw new Refusal('WORKERS_UNAVAILABLE', 'No worker was done with it in time; try again in a moment.')
    } finally {
      waiting.abort()
      // Of what is given up nobody asks any more.
      result.catch(() => undefined)
    }
  })
}

/** A worker that takes a workflow says so in its history, behind the two lines that are there from its start. */
async function hasBegun(handle: Temporal.WorkflowHandle): Promise<boolean> {
  return (await handle.describe()).historyLength > 2
}

/** Its time would run out by itself; until then a worker that starts would ask the source for nobody. */
async function abandon(handle: Temporal.WorkflowHandle): Promise<never> {
  await handle.terminate('no worker began with it').catch(() => undefined)
  throw new Refusal('WORKERS_UNAVAILABLE', 'No worker began with it; start one and try again.')
}

/** The workflow as a whole, or its step, which is given a little less. */
function isOutOfTime(error: unknown, { TimeoutFailure, WorkflowFailedError }: typeof Temporal): boolean {
  if (!(error instanceof WorkflowFailedError)) return false
  return [error.cause, error.cause?.cause].some((cause) => cause instanceof TimeoutFailure)
}
