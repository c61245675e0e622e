import type * as Temporal from '@temporalio/client'
import {
  deriveImportSetStart,
  deriveRunLabels,
  deriveRunStart,
  type RunStartFacts,
  type StartedImportSet,
  type StartedRun,
} from '../../domain/derive-run-start.ts'
import { findRunTrouble, joinParts, type RunTrouble } from '../../domain/run-trouble.ts'
import { deriveUndoThroughWorkflowId, deriveUndoWorkflowId } from '../../domain/ids.ts'
import type { CancelRun, DecideHold, RequestUndo, UndoAnswer } from '../../workflows/messages.ts'
import type { importSet } from '../../workflows/import/import-set.ts'
import type { undoThrough, UndoThroughInput } from '../../workflows/undo/undo-through.ts'
import type { undoWindow } from '../../workflows/undo/undo-window.ts'
import { runConnectionTest, type TestPatience, type WantedTest } from '../connect/run-connection-test.ts'
import { countPollers, type Pollers } from '../health/describe-pollers.ts'
import { Refusal } from '../failures.ts'

export type { StartedImportSet, StartedRun } from '../../domain/derive-run-start.ts'

/** `answered`: the workflow took it. `sent`: kept by Temporal until a worker is back. */
export type Delivery = 'answered' | 'sent'

/** A run whose undo window is open; ISO 8601. */
export type OpenWindow = Omit<RunStartFacts, 'isTest'> & { readonly districtId: string; readonly undoUntil: string }

export type UndoDelivery = { readonly delivery: Delivery; readonly undoRunId: string | null }

/** What a workflow said to a message it does not take, such as a decision on a run that is not held. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused'
}

/** What the API says to Temporal, and no more; the tests stand in for it here. */
export interface RunWorkflows {
  /** Starts the workflow of a run; one that was started before is left as it is. */
  startRun(run: StartedRun): Promise<void>
  /** Starts the workflow of an import set, or finds it at work; one that broke off begins again where it was. */
  startImportSet(set: StartedImportSet): Promise<void>
  /** Throws MessageRefused when the run does not take it. */
  decideHold(workflowId: string, message: DecideHold): Promise<Delivery>
  cancelRun(workflowId: string, message: CancelRun): Promise<Delivery>
  /** Throws MessageRefused when the run cannot be undone. */
  requestUndo(window: OpenWindow, message: RequestUndo): Promise<UndoDelivery>
  /** Starts to take a run back with what came after it, or finds that being done; gives the id of the wish. */
  startUndoThrough(wish: UndoThroughInput): Promise<string>
  /** Lets a worker try a connection, which writes down what came of it. Throws WORKERS_UNAVAILABLE where none does in time. */
  testConnection(wanted: WantedTest): Promise<void>
  /** What keeps the run's workflow from getting on, at this moment; undefined where nothing does, or nobody can tell. */
  findTrouble(workflowId: string): Promise<RunTrouble | undefined>
  isReachable(): Promise<boolean>
  /** Who takes work from the task queue; undefined where nobody can tell. */
  countPollers(): Promise<Pollers | undefined>
}

const defaultAnswerPatienceMs = 5_000
const healthPatienceMs = 2_000
const troublePatienceMs = 1_000

type TemporalModule = typeof Temporal

export type TemporalOptions = {
  readonly connect: () => Promise<Temporal.Client>
  readonly taskQueue: string
  /** An update needs a worker; without an answer in this time the message goes as a signal, which needs none. */
  readonly answerPatienceMs?: number
  readonly testPatience?: TestPatience
}

/**
 * Speaks to Temporal through a client that is made at the first use and kept: the API starts, and answers what needs no
 * workflow, while Temporal is away.
 */
export class TemporalRunWorkflows implements RunWorkflows {
  readonly #connect: () => Promise<Temporal.Client>
  readonly #taskQueue: string
  readonly #answerPatienceMs: number
  readonly #testPatience: TestPatience | undefined
  #client: Promise<Temporal.Client> | undefined

  constructor(options: TemporalOptions) {
    this.#connect = options.connect
    this.#taskQueue = options.taskQueue
    this.#answerPatienceMs = options.answerPatienceMs ?? defaultAnswerPatienceMs
    this.#testPatience = options.testPatience
  }

  async startRun(run: StartedRun): Promise<void> {
    const [client, temporal] = await this.#load()
    const { WorkflowExecutionAlreadyStartedError } = temporal
    try {
      const { args, typedSearchAttributes, ...start } = deriveRunStart(run)
      await client.workflow.start('runImport', {
        ...start,
        taskQueue: this.#taskQueue,
        args: [...args],
        typedSearchAttributes: [...typedSearchAttributes],
      })
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw refuseWhenAway(error, temporal)
    }
  }

  async startImportSet(set: StartedImportSet): Promise<void> {
    const [client, temporal] = await this.#load()
    const { WorkflowExecutionAlreadyStartedError } = temporal
    try {
      const { args, ...start } = deriveImportSetStart(set)
      await client.workflow.start<typeof importSet>('importSet', {
        ...start,
        taskQueue: this.#taskQueue,
        args: [...args],
      })
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw refuseWhenAway(error, temporal)
    }
  }

  decideHold(workflowId: string, message: DecideHold): Promise<Delivery> {
    return this.#deliver(workflowId, 'decideHold', message)
  }

  cancelRun(workflowId: string, message: CancelRun): Promise<Delivery> {
    return this.#deliver(workflowId, 'cancelRun', message)
  }

  /**
   * Starts the window's workflow when there is none: a run of the first release never had one, and one that was
   * terminated leaves its run undoable for the rest of the time.
   */
  async requestUndo(window: OpenWindow, message: RequestUndo): Promise<UndoDelivery> {
    const [client, temporal] = await this.#load()
    const start = this.#describeWindow(window)
    try {
      const operation = new temporal.WithStartWorkflowOperation<typeof undoWindow>('undoWindow', start)
      const { undoRunId } = await client.connection.withDeadline(Date.now() + this.#answerPatienceMs, () =>
        client.workflow.executeUpdateWithStart<typeof undoWindow, UndoAnswer, [RequestUndo]>('requestUndo', {
          startWorkflowOperation: operation,
          args: [message],
        }),
      )
      return { delivery: 'answered', undoRunId }
    } catch (error) {
      if (error instanceof temporal.WorkflowUpdateFailedError) throw new MessageRefused(readReason(error))
      if (!isLateAnswer(error, temporal)) throw refuseWhenAway(error, temporal)
    }
    try {
      await client.workflow.signalWithStart('undoWindow', { ...start, signal: 'requestUndo', signalArgs: [message] })
      return { delivery: 'sent', undoRunId: null }
    } catch (error) {
      throw refuseWhenAway(error, temporal)
    }
  }

  async startUndoThrough(wish: UndoThroughInput): Promise<string> {
    const [client, temporal] = await this.#load()
    try {
      const { firstExecutionRunId } = await client.workflow.start<typeof undoThrough>('undoThrough', {
        taskQueue: this.#taskQueue,
        workflowId: deriveUndoThroughWorkflowId(wish.runId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [wish],
        typedSearchAttributes: toSearchAttributes({
          ...deriveRunLabels(wish),
          RollbookState: 'undoing',
        }),
        staticSummary: `Undo of ${wish.dataType} for ${wish.district}, with what came after it`,
        priority: { fairnessKey: wish.district },
      })
      return firstExecutionRunId
    } catch (error) {
      throw refuseWhenAway(error, temporal)
    }
  }

  #describeWindow(window: OpenWindow) {
    const args: [OpenWindow] = [window]
    const labels = { ...deriveRunLabels(window), RollbookState: 'open' }
    return {
      taskQueue: this.#taskQueue,
      workflowId: deriveUndoWorkflowId(window.runId),
      workflowIdConflictPolicy: 'USE_EXISTING' as const,
      args,
      typedSearchAttributes: toSearchAttributes(labels),
      staticSummary: `Undo of ${window.dataType} for ${window.district}`,
      priority: { fairnessKey: window.district },
    }
  }

  async testConnection(wanted: WantedTest): Promise<void> {
    const [client, temporal] = await this.#load()
    try {
      await runConnectionTest(client, temporal, this.#taskQueue, wanted, this.#testPatience)
    } catch (error) {
      throw refuseWhenAway(error, temporal)
    }
  }

  async findTrouble(workflowId: string): Promise<RunTrouble | undefined> {
    try {
      const [client] = await this.#load()
      return await client.connection.withDeadline(Date.now() + troublePatienceMs, async () => {
        const describe = (id: string) => client.workflow.getHandle(id).describe()
        const { raw, status } = await describe(workflowId)
        return status.name === 'RUNNING' ? findRunTrouble(await joinParts(raw, describe), new Date()) : undefined
      })
    } catch {
      // The run is shown without it: whoever asks has waited long enough.
      return undefined
    }
  }

  async isReachable(): Promise<boolean> {
    try {
      const [client] = await this.#load()
      await client.connection.withDeadline(Date.now() + healthPatienceMs, () =>
        client.workflowService.getSystemInfo({}),
      )
      return true
    } catch {
      return false
    }
  }

  async countPollers(): Promise<Pollers | undefined> {
    try {
      const [client] = await this.#load()
      return await countPollers(client, this.#taskQueue, new Date())
    } catch {
      return undefined
    }
  }

  /** Closes the connection, if one was ever made. */
  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.connection.close()
  }

  async #deliver(workflowId: string, name: string, message: DecideHold | CancelRun): Promise<Delivery> {
    const [client, temporal] = await this.#load()
    const handle = client.workflow.getHandle(workflowId)
    try {
      await client.connection.withDeadline(Date.now() + this.#answerPatienceMs, () =>
        handle.executeUpdate(name, { args: [message] }),
      )
      return 'answered'
    } catch (error) {
      if (error instanceof temporal.WorkflowUpdateFailedError) throw new MessageRefused(readReason(error))
      if (error instanceof temporal.WorkflowNotFoundError) throw new MessageRefused('the run is over')
      if (!isLateAnswer(error, temporal)) throw refuseWhenAway(error, temporal)
    }
    try {
      await handle.signal(name, message)
      return 'sent'
    } catch (error) {
      if (error instanceof temporal.WorkflowNotFoundError) throw new MessageRefused('the run is over')
      throw refuseWhenAway(error, temporal)
    }
  }

  /** The client library costs 0.3 s to load, so the API loads it when it is first needed. */
  async #load(): Promise<[Temporal.Client, TemporalModule]> {
    this.#client ??= this.#connect()
    try {
      return [await this.#client, await import('@temporalio/client')]
    } catch {
      // The next request tries again.
      this.#client = undefined
      throw new Refusal('WORKFLOWS_UNAVAILABLE', awayDetail)
    }
  }
}

function toSearchAttributes(labels: Readonly<Record<string, string>>) {
  return Object.entries(labels).map(([name, value]) => ({ key: { name, type: 'KEYWORD' as const }, value }))
}

const awayDetail = 'Try again in a moment; /api/health tells when it is back.'

/** What Temporal's client throws when the server does not answer, as a refusal; anything else as it is. */
function refuseWhenAway(error: unknown, temporal: TemporalModule): unknown {
  const cause = error instanceof Error ? error.cause : undefined
  const isAway = [error, cause].some((one) => temporal.isGrpcServiceError(one) && awayCodes.has(one.code))
  return isAway ? new Refusal('WORKFLOWS_UNAVAILABLE', awayDetail) : error
}

/** gRPC: CANCELLED, DEADLINE_EXCEEDED. */
const lateCodes: ReadonlySet<number> = new Set([1, 4])
/** gRPC: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. */
const awayCodes: ReadonlySet<number> = new Set([1, 2, 4, 8, 14])

function readReason(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}

function isLateAnswer(error: unknown, temporal: TemporalModule): boolean {
  if (error instanceof temporal.WorkflowUpdateRPCTimeoutOrCancelledError) return true
  return temporal.isGrpcServiceError(error) && lateCodes.has(error.code)
}
