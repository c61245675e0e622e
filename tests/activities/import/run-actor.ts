import type { RunOutcome, RunRef } from '../../../activities/interface.ts'
import type { MetLimit } from '../../../domain/plan/met-limit.ts'
import { isWorsePlan } from '../../../workflows/import/is-worse-plan.ts'
import type { Actor } from './every-order.ts'
import type { ImportRig } from '../import-rig.ts'
import type { Fate, Input, LastWordModel } from './last-word-model.ts'

export type Decision = 'approve' | 'discard'

type Step = { readonly name: string; readonly isRead: boolean }

/** Everything that the actors of one story know of each other. */
export type Story = {
  readonly rig: ImportRig
  readonly model: LastWordModel
  readonly runs: RunActor[]
  /** Nobody comes between opening and planning, nor between the wish to undo and the undo: far fewer orders. */
  readonly isCoarse: boolean
}

/**
 * An import, step by step, as workflows/import/follow-plan.ts orders the steps, with what the model expects of each. Whoever
 * decides a hold always decides the same.
 */
export class RunActor implements Actor {
  readonly run: RunRef
  readonly #story: Story
  readonly #number: number
  readonly #input: Input
  readonly #decision: Decision
  readonly #steps: AsyncGenerator<Step, void>
  #next: Step | undefined
  fate: Fate = 'open'
  /** What goes wrong with the expectations, for the message of a test that fails. */
  readonly surprises: string[] = []

  private constructor(story: Story, run: RunRef, input: Input, decision: Decision) {
    this.#story = story
    this.run = run
    this.#input = input
    this.#decision = decision
    this.#number = story.runs.length + 1
    this.#steps = this.#follow()
    story.runs.push(this)
  }

  static async create(story: Story, run: RunRef, input: Input, decision: Decision): Promise<RunActor> {
    const actor = new RunActor(story, run, input, decision)
    await actor.step()
    return actor
  }

  next(): Step | undefined {
    return this.fate === 'open' ? this.#next : undefined
  }

  async step(): Promise<void> {
    const { value, done } = await this.#steps.next()
    this.#next = done === true ? undefined : value
  }

  /** Ends it between two steps, as somebody does who cancels it, or a newer run that takes its place. */
  async end(fate: 'discarded' | 'cancelled'): Promise<void> {
    await this.#close(
      fate === 'cancelled'
        ? { kind: fate, by: 'operator-7', reason: 'wrong file' }
        : { kind: fate, reason: 'a newer run' },
      fate,
    )
  }

  async *#follow(): AsyncGenerator<Step, void> {
    const { rig, model } = this.#story
    const { run } = this
    const number = this.#number
    let approved: readonly MetLimit[] | undefined
    for (let round = 1; round <= 5; round++) {
      // Whether it ends the run is not known before: then it is a word, and not only a look.
      yield this.#stepOf('open', this.#input.bytes.startsWith('unique'))
      const opened = await rig.step('openRun', run)
      this.#expect(opened.supersededBy === undefined, model.maySpeak(number), 'may go on when it is opened')
      if (opened.supersededBy !== undefined) return this.#close({ kind: 'discarded', reason: 'x' }, 'discarded')
      this.#expect(opened.isUnchanged, model.inStepWith === this.#input.bytes, 'is unchanged')
      if (opened.isUnchanged) return this.#closeWithWord('unchanged')

      if (!this.#story.isCoarse) yield this.#stepOf('plan', true)
      await rig.step('stageRun', run)
      const plan = await rig.step('buildPlan', run)
      const isHeld = plan.keptBack !== 'none' && (approved === undefined || isWorsePlan(approved, plan.metLimits))
      if (isHeld) {
        if (plan.keptBack !== 'all') throw new Error('of a held plan nothing is to be applied before somebody decides')
        yield this.#stepOf('hold', false)
        const held = await rig.step('holdForReview', { ...run, metLimits: plan.metLimits })
        const isNewerHeld = this.#story.runs.some((other) => other.#number > number && other.#isHeld)
        this.#expect(held?.supersededBy === undefined, model.maySpeak(number) && !isNewerHeld, 'is held')
        if (held?.supersededBy !== undefined) return this.#close({ kind: 'discarded', reason: 'x' }, 'discarded')
        await this.#supersedeOlder()
        yield this.#stepOf('decide', false)
        await rig.step('recordHoldDecision', { ...run, decision: this.#decision, by: 'operator-7' })
        if (this.#decision === 'discard') return this.#close({ kind: 'discarded', reason: 'x' }, 'discarded')
        approved = plan.metLimits
      }
      yield this.#stepOf('apply', false)
      const applied = await rig.step('applyPlan', { ...run, part: 'all' })
      if (applied.kind === 'stale') continue
      this.#expect(applied.kind === 'applied', model.maySpeak(number), 'may apply')
      if (applied.kind !== 'applied') return this.#close({ kind: 'discarded', reason: 'x' }, 'discarded')
      return this.#closeWithWord('applied')
    }
    this.surprises.push(`run ${number} found every plan stale`)
  }

  get #isHeld(): boolean {
    return this.fate === 'open' && this.#next?.name.startsWith('decide') === true
  }

  #stepOf(name: string, isRead: boolean): Step {
    return { name: `${name} ${this.#number}`, isRead }
  }

  #expect(is: boolean, should: boolean, what: string): void {
    if (is !== should) this.surprises.push(`run ${this.#number} ${what}: ${is}, and should be: ${should}`)
  }

  async #closeWithWord(kind: 'applied' | 'unchanged'): Promise<void> {
    this.#story.model.speak(this.#number, this.#input)
    await this.#close({ kind }, 'in')
    await this.#supersedeOlder()
  }

  async #close(outcome: RunOutcome, fate: Fate): Promise<void> {
    this.fate = fate
    await this.#story.rig.close(this.run, outcome)
  }

  async #supersedeOlder(): Promise<void> {
    for (const { runId } of await this.#story.rig.step('listOlderHeldRuns', this.run)) {
      const older = this.#story.runs.find(({ run }) => run.runId === runId)
      await older?.end('discarded')
    }
  }
}

/** Somebody who cancels a run at some time. */
export function cancelOf(actor: RunActor, name: string): Actor {
  let isDone = false
  return {
    next: () => (isDone || actor.fate !== 'open' ? undefined : { name: `cancel ${name}`, isRead: false }),
    step: async () => {
      isDone = true
      await actor.end('cancelled')
    },
  }
}

/** Somebody who undoes the last run that changed records, at some time: the wish, and a moment later the deed. */
export function undoOfLast(story: Story, baseRunId: string): Actor {
  const { rig, model } = story
  const { districtId } = rig
  let opened: { readonly run: number; readonly undoRunId: string } | undefined
  let isDone = false
  const canAsk = () => model.lastChange >= 0
  return {
    next: () =>
      isDone || (opened === undefined && !canAsk())
        ? undefined
        : { name: opened === undefined ? 'ask for undo' : 'undo', isRead: false },
    step: async () => {
      if (opened === undefined) {
        const run = model.lastChange
        const runId = run === 0 ? baseRunId : (story.runs[run - 1]?.run.runId ?? '')
        const answer = await rig.step('openUndo', { districtId, runId, by: 'operator-7', reason: 'wrong file' })
        if (answer.kind === 'refused') throw new Error(answer.reason)
        opened = { run, undoRunId: answer.undoRunId }
        if (!story.isCoarse) return
      }
      isDone = true
      const undo = { districtId, runId: opened.undoRunId }
      const { obstacle } = await rig.step('carryOutUndo', undo)
      const isTakenBack = model.takeBack(opened.run)
      if (isTakenBack !== (obstacle === null)) throw new Error(`the undo: ${obstacle ?? 'is carried out'}`)
      await rig.step('closeUndo', {
        ...undo,
        outcome: obstacle === null ? { kind: 'done' } : { kind: 'notCarriedOut', reason: obstacle },
      })
    },
  }
}
