import type { Pollers } from '../../../api/health/describe-pollers.ts'
import { Refusal } from '../../../api/failures.ts'
import {
  MessageRefused,
  type Delivery,
  type OpenWindow,
  type RunWorkflows,
  type StartedImportSet,
  type StartedRun,
  type UndoDelivery,
} from '../../../api/import/run-workflows.ts'
import type { WantedTest } from '../../../api/connect/run-connection-test.ts'
import type { RunTrouble } from '../../../domain/run-trouble.ts'
import type { CancelRun, DecideHold, RequestUndo } from '../../../workflows/messages.ts'
import type { UndoThroughInput } from '../../../workflows/undo/undo-through.ts'

/** Stands in for Temporal's client: writes down what it is told and answers as the test says. */
export class StandInWorkflows implements RunWorkflows {
  readonly started: StartedRun[] = []
  readonly sets: StartedImportSet[] = []
  readonly messages: { workflowId: string; message: DecideHold | CancelRun | RequestUndo }[] = []
  readonly undoThroughs: UndoThroughInput[] = []
  throughId = '01930000-0000-7000-8000-00000000dcba'
  isUp = true
  pollers: Pollers | undefined = { workflows: 1, activities: 1 }
  undoRunId = '01930000-0000-7000-8000-00000000abcd'
  delivery: Delivery = 'answered'
  refusal: string | undefined
  trouble: RunTrouble | undefined
  /** What a worker does to a connection that is to be tried. */
  tester: ((wanted: WantedTest) => Promise<unknown>) | undefined

  startRun(run: StartedRun): Promise<void> {
    return this.#whenUp(() => {
      if (!this.started.some(({ workflowId }) => workflowId === run.workflowId)) this.started.push(run)
    })
  }

  startImportSet(set: StartedImportSet): Promise<void> {
    return this.#whenUp(() => {
      if (!this.sets.some(({ workflowId }) => workflowId === set.workflowId)) this.sets.push(set)
    })
  }

  decideHold(workflowId: string, message: DecideHold): Promise<Delivery> {
    return this.#deliver(workflowId, message)
  }

  cancelRun(workflowId: string, message: CancelRun): Promise<Delivery> {
    return this.#deliver(workflowId, message)
  }

  async requestUndo({ runId }: OpenWindow, message: RequestUndo): Promise<UndoDelivery> {
    const delivery = await this.#deliver(`undo/${runId}`, message)
    return { delivery, undoRunId: delivery === 'answered' ? this.undoRunId : null }
  }

  startUndoThrough(wish: UndoThroughInput): Promise<string> {
    return this.#whenUp(() => {
      this.undoThroughs.push(wish)
      return this.throughId
    })
  }

  async testConnection(wanted: WantedTest): Promise<void> {
    await this.#whenUp(() => this.tester?.(wanted))
  }

  findTrouble(): Promise<RunTrouble | undefined> {
    return Promise.resolve(this.trouble)
  }

  isReachable(): Promise<boolean> {
    return Promise.resolve(this.isUp)
  }

  countPollers(): Promise<Pollers | undefined> {
    return Promise.resolve(this.pollers)
  }

  #deliver(workflowId: string, message: DecideHold | CancelRun | RequestUndo): Promise<Delivery> {
    return this.#whenUp(() => {
      if (this.refusal !== undefined) throw new MessageRefused(this.refusal)
      this.messages.push({ workflowId, message })
      return this.delivery
    })
  }

  async #whenUp<Result>(act: () => Result): Promise<Result> {
    await Promise.resolve()
    if (!this.isUp) throw new Refusal('WORKFLOWS_UNAVAILABLE', 'Try again in a moment.')
    return act()
  }
}
