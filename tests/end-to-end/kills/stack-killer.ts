import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client'
import { createRandom } from '../../../simulators/oneroster-package/invented-people.ts'
import type { Stack } from '../../../stack/stack.ts'

export const longSteps = ['stageRun', 'buildPlan', 'applyPlan'] as const
export type LongStep = (typeof longSteps)[number]
export type Victim = 'worker' | 'postgres'

/** The pid that the stack says a process has now. */
function readPid(stack: Stack, name: string): number {
  const pid = (JSON.parse(readFileSync(stack.pidsFile, 'utf8')) as Record<string, number>)[name] // the stack wrote it
  if (pid === undefined) throw new Error(`no ${name} is running`)
  return pid
}

/** `kill -9`; resolves when the stack has started the next one. */
export async function killProcess(stack: Stack, name: string): Promise<void> {
  const pid = readPid(stack, name)
  process.kill(pid, 'SIGKILL')
  for (;;) {
    await sleep(20)
    try {
      if (readPid(stack, name) !== pid) return
    } catch {
      // The file is being written, or the process is not there again yet.
    }
  }
}

type RunningStep = {
  readonly workflowId: string
  /** Applying has one workflow id for a district; this tells its executions apart. */
  readonly executionId: string
  readonly step: LongStep
  readonly attempt: number
}

/** Looks through Temporal at what the worker is doing, and kills in the middle of it. */
export class StackKiller {
  readonly kills: Record<LongStep, Record<Victim, number>> = {
    stageRun: { worker: 0, postgres: 0 },
    buildPlan: { worker: 0, postgres: 0 },
    applyPlan: { worker: 0, postgres: 0 },
  }
  /** How long a step takes undisturbed: a kill comes at a random moment of that. */
  readonly #usualMs: Record<LongStep, number> = { stageRun: 1000, buildPlan: 500, applyPlan: 500 }
  readonly #stack: Stack
  readonly #client: Client
  readonly #random: () => number
  readonly #killsOfStep = new Map<string, number>()
  readonly #spent = new Set<string>()

  private constructor(stack: Stack, client: Client, seed: number) {
    this.#stack = stack
    this.#client = client
    this.#random = createRandom(seed, 1)
  }

  static async create(stack: Stack, seed: number): Promise<StackKiller> {
    const connection = await Connection.connect({ address: stack.temporalAddress })
    return new StackKiller(stack, new Client({ connection }), seed)
  }

  close(): Promise<void> {
    return this.#client.connection.close()
  }

  get count(): number {
    return longSteps.reduce((total, step) => total + this.kills[step].worker + this.kills[step].postgres, 0)
  }

  /** Learns from an undisturbed run how long each step takes. */
  async learn(workflowIds: readonly string[]): Promise<void> {
    for (const workflowId of workflowIds) {
      const { events } = await this.#client.workflow.getHandle(workflowId).fetchHistory()
      const at = (time: { seconds?: unknown; nanos?: number | null } | null | undefined) =>
        Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6
      for (const event of events ?? []) {
        const done = event.activityTaskCompletedEventAttributes
        if (done === null || done === undefined) continue
        const find = (id: unknown) => events?.find(({ eventId }) => String(eventId) === String(id))
        const step = find(done.scheduledEventId)?.activityTaskScheduledEventAttributes?.activityType?.name ?? ''
        if (!isLongStep(step)) continue
        this.#usualMs[step] = Math.max(50, at(event.eventTime) - at(find(done.startedEventId)?.eventTime))
      }
    }
  }

  /**
   * Kills one of the two, by chance but in turn on average, at a random moment of a step that is running; the step
   * that was hit least goes first. Kills of one step of one run are limited, so that every run ends.
   */
  async killInside(workflowIds: readonly string[]): Promise<void> {
    const running = await this.#listRunningSteps(workflowIds)
    const [chosen] = running
      .filter((one) => !this.#spent.has(nameOf(one)))
      .filter(({ executionId, step }) => (this.#killsOfStep.get(`${executionId} ${step}`) ?? 0) < killsOfOneStep)
      .filter(({ step }) => this.#killsAt(step) < this.#leastKills() + mostAhead)
      .map((one) => ({ one, rank: this.#killsAt(one.step) + this.#random() }))
      .sort((some, other) => some.rank - other.rank)
      .map(({ one }) => one)
    if (chosen === undefined) {
      await sleep(30)
      return
    }
    await sleep(this.#random() * this.#usualMs[chosen.step])
    const now = await this.#findRunningStep(chosen.workflowId)
    if (now === undefined || nameOf(now) !== nameOf(chosen)) return
    const victim = this.#chooseVictim(chosen.step)
    this.kills[chosen.step][victim] += 1
    const key = `${chosen.executionId} ${chosen.step}`
    this.#killsOfStep.set(key, (this.#killsOfStep.get(key) ?? 0) + 1)
    // Temporal takes a while to notice: an attempt that is dead already would be no new hit.
    for (const one of await this.#listRunningSteps(workflowIds)) this.#spent.add(nameOf(one))
    await killProcess(this.#stack, victim)
  }

  /** Resolves when the worker is in the middle of this step of one of the workflows. */
  async waitForStep(workflowIds: readonly string[], step: LongStep): Promise<void> {
    while (!(await this.#listRunningSteps(workflowIds)).some((running) => running.step === step)) await sleep(10)
  }

  /** Codes of the failures for which steps of a workflow wait for their next try. */
  async listFailures(workflowId: string): Promise<string[]> {
    // A run is there a moment before its workflow.
    const found = await this.#client.workflow
      .getHandle(workflowId)
      .describe()
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return undefined
        throw error
      })
    return (found?.raw.pendingActivities ?? []).flatMap(
      ({ lastFailure }) => lastFailure?.applicationFailureInfo?.type ?? [],
    )
  }

  #killsAt(step: LongStep): number {
    return this.kills[step].worker + this.kills[step].postgres
  }

  #leastKills(): number {
    return Math.min(...longSteps.map((step) => this.#killsAt(step)))
  }

  #chooseVictim(step: LongStep): Victim {
    const { worker, postgres } = this.kills[step]
    if (worker !== postgres) return worker < postgres ? 'worker' : 'postgres'
    return this.#random() < 0.5 ? 'worker' : 'postgres'
  }

  async #listRunningSteps(workflowIds: readonly string[]): Promise<RunningStep[]> {
    const found = await Promise.all(workflowIds.map((id) => this.#findRunningStep(id)))
    return found.filter((step) => step !== undefined)
  }

  async #findRunningStep(workflowId: string): Promise<RunningStep | undefined> {
    const described = await this.#client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined)
    if (described?.status.name !== 'RUNNING') return undefined
    for (const { activityType, state, attempt } of described.raw.pendingActivities ?? []) {
      const step = activityType?.name ?? ''
      if (isLongStep(step) && Number(state) === startedState)
        return { workflowId, executionId: described.runId, step, attempt: attempt ?? 1 }
    }
    return undefined
  }
}

/** temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED */
const startedState = 2
const killsOfOneStep = 1
/** So many kills more than the step that was hit least; reading takes longest and would get nearly all of them. */
const mostAhead = 9

function nameOf({ executionId, step, attempt }: RunningStep): string {
  return `${executionId} ${step} ${attempt}`
}

function isLongStep(name: string): name is LongStep {
  return longSteps.some((step) => step === name)
}
