import { setTimeout as sleep } from 'node:timers/promises'
import type { RunDocument } from '../../../api/contract/run.ts'
import type { Chance } from '../chance.ts'
import type { Journal } from '../journal.ts'
import { DistrictModel } from '../model/district-model.ts'
import { expectHold, type HoldVerdict } from '../model/expect-hold.ts'
import { InputModes } from '../model/input-modes.ts'
import { findAsked, isEmptyPlan, planImport, type ModelPlan } from '../model/plan-import.ts'
import type { SourcePackage, SourceRow, Values } from '../model/source-row.ts'
import type { PrintedRecord } from '../../end-to-end/district-on-stack.ts'
import { Stuck } from '../patient-api.ts'
import { findDifferences } from './compare-tables.ts'
import type { DistrictApi } from './district-api.ts'
import type { SourceSystem } from './source-system.ts'
import { writePackage } from './write-package.ts'

function listStudentsOf({ updates, deactivations }: ModelPlan): string[] {
  return [...updates.map(({ key }) => key), ...deactivations]
}

/** A printed record as the model holds it. */
function toValues({ recordId: _id, enrollmentStatus: _status, ...values }: PrintedRecord): Values {
  return values
}

export type Brought = { readonly runId: string; readonly source: SourcePackage }
type Asked = { readonly row: SourceRow; readonly source: SourcePackage }

/** Of an upload that stops after its plan. */
export const testFlag = '&test=true'
const ended = new Set(['completed', 'completedWithAlerts'])
const removing = new Set(['deactivations', 'lateDelta', 'otherMode'])

/**
 * One district, its source and its model, told the same: every step is carried out on the product, and on the model by
 * what the rules say it does; afterwards the tables of both must be equal. What the model leaves to the product is named
 * in README.md.
 */
export class DistrictStory {
  readonly api: DistrictApi
  readonly source: SourceSystem
  readonly chance: Chance
  readonly journal: Journal
  model = new DistrictModel()
  readonly modes = new InputModes()
  /** The students that decisions made, by the case that they were made in: the model's keys. */
  readonly madeIn = new Map<string, string>()
  /** Rows that somebody is asked about, by the run whose package has them so and the identifier. */
  readonly #asked = new Map<string, Asked>()
  /** A run that waits for a decision, with what it keeps back and who of that was edited since. */
  held: (Brought & { readonly rest: ModelPlan; readonly edited: Set<string>; readonly isStale: boolean }) | undefined
  last: { readonly source: SourcePackage; readonly bytes: Buffer } | undefined
  readonly #runIds = new Set<string>()
  #packages = 0

  constructor(api: DistrictApi, source: SourceSystem, chance: Chance, journal: Journal) {
    this.api = api
    this.source = source
    this.chance = chance
    this.journal = journal
  }

  get slug(): string {
    return this.api.slug
  }

  tell(words: string): void {
    this.journal.tell(this.slug, words)
  }

  fault(kind: Parameters<Journal['fault']>[0], words: string): void {
    this.journal.fault(kind, this.slug, words)
  }

  write(source: SourcePackage): Buffer {
    const comment = `${this.slug} ${(this.#packages += 1)}`
    return writePackage(source, { schools: this.source.schools, changedAt: new Date(), comment })
  }

  /** Gives a package to the district, by upload or, without flags, maybe through its folder, and remembers the run. */
  async bring(source: SourcePackage, bytes = this.write(source), flags?: string): Promise<Brought> {
    const isDropped = flags === undefined && this.chance.percent(25)
    const isSlow = this.chance.percent(20)
    const runId = isDropped ? await this.api.drop(bytes, isSlow) : await this.api.upload(bytes, flags)
    this.know(runId)
    if (source.isUsable && flags !== testFlag) this.last = { source, bytes }
    const way = isDropped ? `folder${isSlow ? ', half of it first' : ''}` : 'upload'
    this.tell(`run ${runId}: ${source.mode} of ${source.rows.length} by ${way}`)
    this.journal.count(`imports by ${isDropped ? 'folder' : 'upload'}`)
    return { runId, source }
  }

  know(runId: string): void {
    this.#runIds.add(runId)
  }

  /** Whether an import would be held by what is there now. */
  expectHold({ source }: Brought): HoldVerdict {
    return expectHold(this.model.students, this.#plan(source), this.modes.ask(source.mode))
  }

  /**
   * Waits for a run, compares its end with what the model expects, and tells the model of it. `heldBefore`: how it would
   * have been held by what was there before something else came between.
   */
  async settle(
    { runId, source }: Brought,
    mayEnd: readonly RunDocument['state'][] = [],
    heldBefore?: HoldVerdict,
  ): Promise<RunDocument> {
    const run = await this.api.awaitRest(runId)
    this.tell(`run ${runId}: ${run.state}${run.closedReason === null ? '' : ` (${run.closedReason})`}`)
    this.journal.count(`ended ${run.state}`)
    const plan = this.#plan(source)
    if (!source.isUsable) {
      if (run.state !== 'cancelled') this.fault('unexpected end', `run ${runId} of no package is ${run.state}`)
      return run
    }
    if (run.state === 'held') await this.#settleHeld(run, { runId, source }, plan, heldBefore)
    else if (ended.has(run.state)) await this.#settleEnded(run, { runId, source }, plan)
    else if (run.state === 'unchanged') {
      if (!isEmptyPlan(plan)) this.fault('unexpected end', `run ${runId} is unchanged, the model has changes`)
      await this.#superseded()
    } else if (!mayEnd.includes(run.state)) {
      this.fault('unexpected end', `run ${runId} is ${run.state}: ${run.closedReason ?? run.failure?.code ?? ''}`)
    }
    return run
  }

  /** Answers the hold, and tells the model of what was kept back. */
  async decide(decision: 'approve' | 'discard'): Promise<void> {
    const { held } = this
    if (held === undefined) return
    this.held = undefined
    const run = await this.api.decideHold(held.runId, decision)
    this.tell(`run ${held.runId}: ${decision}, ${run.state}`)
    this.journal.count(`holds: ${decision}`)
    const expected = decision === 'discard' ? run.state === 'discarded' : ended.has(run.state)
    if (!expected) this.fault('unexpected end', `run ${held.runId} is ${run.state} after ${decision}`)
    if (ended.has(run.state)) {
      // A plan is made again when somebody whom it is about was edited since; what else was edited stays as it is.
      const isStale = held.isStale || listStudentsOf(held.rest).some((key) => held.edited.has(key))
      this.model.apply(held.runId, isStale ? this.#plan(held.source) : held.rest)
      this.#rememberAsked(held)
      this.modes.apply(held.runId, held.source.mode)
    }
  }

  /** Takes back on the model what the product says was undone; an undo is a run, too. */
  undone(runId: string, undoId: string): void {
    this.know(undoId)
    this.model.undo(runId, undoId)
    this.modes.takeBack(runId)
  }

  /** The row of a case, as the run that saw it last had it. */
  getAsked(runId: string, identifier: string): Asked {
    const asked = this.#asked.get(`${runId} ${identifier}`)
    if (asked === undefined) throw new Error(`no package of run ${runId} has ${identifier} to be asked about`)
    return asked
  }

  findAsked(source: SourcePackage): ReadonlySet<string> {
    return findAsked(this.model.students, source)
  }

  /** The tables of both are equal, and every run is one that the story knows; otherwise it is told, and begun anew. */
  async compare(): Promise<void> {
    const records = await this.api.records()
    const differences = findDifferences(records, this.model.students)
    this.journal.count('comparisons of tables')
    if (differences.length > 0) {
      this.fault('tables differ', differences.join('; '))
      this.model.adopt([...records.values()].map(toValues))
    }
    for (const { runId, undoOf, state } of await this.api.listRuns()) {
      if (this.#runIds.has(runId)) continue
      this.know(runId)
      // An undo that came too late is written down, and did nothing.
      if (undoOf !== null && state === 'discarded') this.journal.count('undos that came too late')
      else this.fault('unknown run', `nobody asked for run ${runId}`)
    }
  }

  /** After a step that broke off: whatever is there now is what the story goes on with. */
  async beginAnew(error: unknown): Promise<void> {
    const isStuck = error instanceof Stuck
    this.fault(
      isStuck ? 'stuck' : 'story broke off',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    )
    this.held = undefined
    for (const { runId } of await this.api.listRuns()) this.know(runId)
    const records = await this.api.records()
    this.model.adopt([...records.values()].map(toValues))
  }

  #plan(source: SourcePackage): ModelPlan {
    return planImport(this.model.students, source, this.findAsked(source))
  }

  async #settleHeld(
    run: RunDocument,
    brought: Brought,
    plan: ModelPlan,
    heldBefore: HoldVerdict | undefined,
  ): Promise<void> {
    const limits = run.hold?.limits.map(({ limit }) => limit) ?? []
    const keptBack = limits.every((limit) => removing.has(limit)) ? 'deactivations' : 'all'
    const expected = this.expectHold(brought)
    // A plan that is held as a whole is made again when somebody approves it, and until then is what it was.
    const isStale = expected !== keptBack && keptBack === 'all' && heldBefore === keptBack
    if (expected !== 'either' && expected !== keptBack && !isStale) {
      this.fault('unexpected end', `run ${run.runId} is held by ${limits.join(', ')}; expected: ${expected}`)
    }
    this.journal.count(`holds of ${keptBack}`)
    await this.#superseded()
    if (keptBack === 'deactivations') {
      this.model.apply(run.runId, plan, 'safe')
      this.#rememberAsked(brought)
    }
    const rest = keptBack === 'all' ? plan : { ...plan, creates: [], updates: [] }
    this.held = { ...brought, rest, edited: new Set(), isStale }
  }

  async #settleEnded(run: RunDocument, { runId, source }: Brought, plan: ModelPlan): Promise<void> {
    const expected = expectHold(this.model.students, plan, this.modes.ask(source.mode))
    if (expected !== 'none' && expected !== 'either') {
      this.fault('unexpected end', `run ${runId} was applied, and should have been held (${expected})`)
    }
    const reactivated = plan.updates.filter(({ changes }) => changes['status'] !== undefined).length
    const counts = {
      created: plan.creates.length,
      updated: plan.updates.length - reactivated,
      reactivated,
      deactivated: plan.deactivations.length,
    }
    for (const [name, count] of Object.entries(counts)) {
      const told = run.counts[name as keyof typeof counts] // the keys are those of the object above
      if (told !== count) this.fault('unexpected end', `run ${runId} says ${name} ${told}, and should say ${count}`)
    }
    this.model.apply(runId, plan)
    this.modes.apply(runId, source.mode)
    this.#rememberAsked({ runId, source })
    await this.#superseded()
  }

  /** A newer run that came in, or is held itself, takes the place of the one that waits. */
  async #superseded(): Promise<void> {
    const { held } = this
    if (held === undefined) return
    this.held = undefined
    const run = await this.api.awaitRest(held.runId, ({ state }) => state !== 'held')
    this.tell(`run ${held.runId}: superseded, ${run.state}`)
    if (run.state !== 'discarded') this.fault('unexpected end', `run ${held.runId} is ${run.state}, not superseded`)
  }

  #rememberAsked({ runId, source }: Brought): void {
    for (const row of source.rows) {
      if (row.resembles !== undefined) this.#asked.set(`${runId} ${row.person.identifier}`, { row, source })
    }
  }

  /** A moment that chance chooses. */
  async pause(mostMs: number): Promise<void> {
    await sleep(this.chance.between(0, mostMs))
  }
}
