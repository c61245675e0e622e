import type { HeldStudent, ModelPlan } from './plan-import.ts'
import type { Values } from './source-row.ts'

/** One field that a run changed; what an undo reads. */
type Entry = {
  readonly key: string
  readonly field: string
  readonly before: string
  readonly after: string
  readonly moment: number
  /** Only together with the status: who stays active keeps it. */
  readonly isGivenUp?: true
}

type ChangingRun = {
  readonly runId: string
  readonly undoOf: string | null
  readonly entries: Entry[]
}

export type Part = 'all' | 'safe'

/**
 * The students of one district, and what is needed to take runs back, by its documents alone; nothing of the product is
 * called. It is told what happened and says what the records must be.
 */
export class DistrictModel {
  readonly #students = new Map<string, HeldStudent>()
  readonly #runs: ChangingRun[] = []
  readonly #edits: { readonly key: string; readonly field: string; readonly moment: number }[] = []
  #moment = 0
  #keys = 0

  get students(): ReadonlyMap<string, HeldStudent> {
    return this.#students
  }

  /** Carries a plan out, or of a held one what is harmless. A run that is told twice has both parts. */
  apply(runId: string, plan: ModelPlan, part: Part = 'all'): void {
    this.#moment += 1
    const entries: Entry[] = []
    for (const { values, whenUndone } of plan.creates) this.#create(values, entries, whenUndone)
    for (const { key, changes } of plan.updates) this.#change(key, changes, entries)
    if (part === 'all') for (const key of plan.deactivations) this.#change(key, { status: 'inactive' }, entries)
    this.#write(runId, null, entries)
  }

  /** Somebody changed a field in the table. */
  edit(key: string, field: string, value: string): void {
    this.#moment += 1
    if (this.#get(key).values[field] === value) return
    this.#change(key, { [field]: value }, [])
    this.#edits.push({ key, field, moment: this.#moment })
  }

  /**
   * Takes a run back as the undo `undoId`: each field is again what it was, unless somebody edited it since; whom the run
   * created becomes inactive, and whom a decision created gives up the ids.
   */
  undo(runId: string, undoId: string): void {
    const run = this.#runs.findLast((one) => one.runId === runId)
    if (run === undefined) throw new Error(`the model knows no change by run ${runId}`)
    this.#moment += 1
    const entries: Entry[] = []
    for (const { key, field, before, moment, isGivenUp } of run.entries.toReversed()) {
      if (isGivenUp === true && this.#get(key).values['status'] === 'active') continue
      if (!this.#isEdited(key, field, moment)) this.#change(key, { [field]: before }, entries)
    }
    this.#runs.push({ runId: undoId, undoOf: runId, entries })
  }

  /** Runs whose changes stand, oldest first: an undo goes, with the run that it took back. */
  get standing(): readonly string[] {
    const standing: string[] = []
    for (const { runId, undoOf } of this.#runs) {
      if (undoOf !== null && standing.at(-1) === undoOf) standing.pop()
      else standing.push(runId)
    }
    return standing
  }

  /** The last run that changed anything, an undo or not. */
  get lastChange(): string | undefined {
    return this.#runs.at(-1)?.runId
  }

  isUndo(runId: string): boolean {
    return this.#runs.some((run) => run.runId === runId && run.undoOf !== null)
  }

  /** Begins anew with these students, after a difference was told: the next one is then a difference of its own. */
  adopt(students: readonly Values[]): void {
    this.#students.clear()
    this.#runs.length = 0
    this.#edits.length = 0
    for (const values of students) this.#create(values, [])
  }

  #create(values: Values, entries: Entry[], whenUndone: Values = {}): void {
    const key = `student ${(this.#keys += 1)}`
    this.#students.set(key, { key, values })
    for (const [field, before] of Object.entries(whenUndone)) {
      entries.push({ key, field, before, after: values[field] ?? '', moment: this.#moment, isGivenUp: true })
    }
    entries.push({ key, field: 'status', before: 'inactive', after: values['status'] ?? '', moment: this.#moment })
  }

  #change(key: string, changes: Values, entries: Entry[]): void {
    const { values } = this.#get(key)
    for (const [field, after] of Object.entries(changes)) {
      const before = values[field] ?? ''
      if (before !== after) entries.push({ key, field, before, after, moment: this.#moment })
    }
    this.#students.set(key, { key, values: { ...values, ...changes } })
  }

  #write(runId: string, undoOf: string | null, entries: readonly Entry[]): void {
    if (entries.length === 0) return
    const last = this.#runs.at(-1)
    if (last?.runId === runId) last.entries.push(...entries)
    else this.#runs.push({ runId, undoOf, entries: [...entries] })
  }

  #isEdited(key: string, field: string, since: number): boolean {
    return this.#edits.some((edit) => edit.key === key && edit.field === field && edit.moment > since)
  }

  #get(key: string): HeldStudent {
    const student = this.#students.get(key)
    if (student === undefined) throw new Error(`the model holds no ${key}`)
    return student
  }
}
