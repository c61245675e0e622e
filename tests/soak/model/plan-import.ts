import { valuesOf, type SourcePackage, type SourceRow, type Values } from './source-row.ts'

/** A student as the model holds it. `key` is the model's own and never changes. */
export type HeldStudent = { readonly key: string; readonly values: Values }

export type PlannedUpdate = { readonly key: string; readonly changes: Values }

export type PlannedCreate = {
  readonly row: SourceRow
  readonly values: Values
  /** Of one that a decision creates: the values that the undo leaves besides, as docs/guides/undo-a-run.md says. */
  readonly whenUndone?: Values
}

export type ModelPlan = {
  readonly creates: readonly PlannedCreate[]
  /** With `status` among the changes: a reactivation. */
  readonly updates: readonly PlannedUpdate[]
  readonly deactivations: readonly string[]
  /** Who would go besides if nobody were asked about: the limits judge a plan as if that were so (db/plan/README.md). */
  readonly keptWhileAsked: readonly string[]
  /** Rows that were dropped with an error, of so many. */
  readonly rejectedRows: number
  readonly rows: number
}

export const emptyPlan: ModelPlan = {
  ...{ creates: [], updates: [], deactivations: [], keptWhileAsked: [] },
  ...{ rejectedRows: 0, rows: 0 },
}

/**
 * What an import does to the students, by the rules of the product and docs/reference/contract.md alone. `asked`: identifiers of rows
 * that wait for a person; whoever they may be stays active meanwhile.
 */
export function planImport(
  held: ReadonlyMap<string, HeldStudent>,
  source: SourcePackage,
  asked: ReadonlySet<string>,
): ModelPlan {
  if (!source.isUsable) return emptyPlan
  const students = [...held.values()]
  const bySisId = new Map(students.map((one) => [one.values['sisId'], one] as const))
  const bySourceKey = new Map(students.map((one) => [one.values['sourceKey'], one]))
  const find = ({ person }: SourceRow) => bySisId.get(person.identifier) ?? bySourceKey.get(person.sourcedId)

  const asking = source.rows.filter(({ person }) => asked.has(person.identifier))
  const kept = new Set(asking.map(({ resembles }) => bySisId.get(resembles)?.key))
  const creates: PlannedCreate[] = []
  const updates: PlannedUpdate[] = []
  const withdrawn: string[] = []
  const seen = new Set<string>()
  for (const row of source.rows) {
    if (asked.has(row.person.identifier)) continue
    const student = find(row)
    if (student !== undefined) seen.add(student.key)
    if (row.isBroken === true) continue
    if (row.isWithdrawn === true) {
      if (student?.values['status'] === 'active') withdrawn.push(student.key)
      continue
    }
    const values = { ...valuesOf(row, source), status: 'active' }
    if (student === undefined) creates.push({ row, values })
    else {
      const changes = Object.entries(values).filter(([field, value]) => student.values[field] !== value)
      if (changes.length > 0) updates.push({ key: student.key, changes: Object.fromEntries(changes) })
    }
  }
  // Absence is evidence in a complete collection alone.
  const missing = students.filter(({ key, values }) => values['status'] === 'active' && !seen.has(key))
  const going = [...withdrawn, ...(source.mode === 'bulk' ? missing.map(({ key }) => key) : [])]
  return {
    creates,
    updates,
    deactivations: going.filter((key) => !kept.has(key)),
    keptWhileAsked: going.filter((key) => kept.has(key)),
    rejectedRows: source.rows.filter(({ isBroken }) => isBroken === true).length,
    rows: source.rows.length,
  }
}

/**
 * The rows of which somebody has to be asked who they are: under ids that nobody has, and in all else like somebody who
 * is held.
 */
export function findAsked(held: ReadonlyMap<string, HeldStudent>, source: SourcePackage): ReadonlySet<string> {
  const sisIds = new Set([...held.values()].map(({ values }) => values['sisId']))
  const asked = source.rows.filter(
    ({ person, resembles, isBroken, isWithdrawn }) =>
      isBroken !== true && isWithdrawn !== true && sisIds.has(resembles) && !sisIds.has(person.identifier),
  )
  return new Set(asked.map(({ person }) => person.identifier))
}

export function isEmptyPlan({ creates, updates, deactivations }: ModelPlan): boolean {
  return creates.length + updates.length + deactivations.length === 0
}
