import type { HeldStudent, ModelPlan } from './plan-import.ts'

/**
 * Whether a plan is held, and what it keeps back. `either`: a count is within two of a limit, or a rule of the
 * surroundings leaves it open; the model then takes what the product says.
 */
export type HoldVerdict = 'none' | 'deactivations' | 'all' | 'either'

type Closeness = 'met' | 'near' | 'clear'

const nearBy = 2

/** The limits of docs/guides/review-a-held-run.md with their defaults, for the packages that stories are made of. */
export function expectHold(
  held: ReadonlyMap<string, HeldStudent>,
  plan: ModelPlan,
  otherMode: 'asked' | 'open' | 'notAsked',
): HoldVerdict {
  const active = [...held.values()].filter(({ values }) => values['status'] === 'active')
  const going = new Set([...plan.deactivations, ...plan.keptWhileAsked])
  const schools = Map.groupBy(active, ({ values }) => values['schoolId'])
  const removing: Closeness[] = [share(going.size, active.length, 0.1)]
  for (const students of schools.values()) {
    const leaving = students.filter(({ key }) => going.has(key)).length
    removing.push(share(leaving, students.length, 0.1))
    if (leaving >= 2 && leaving + nearBy >= students.length) removing.push('met')
  }
  if (going.size > 0 && otherMode !== 'notAsked') removing.push(otherMode === 'asked' ? 'met' : 'near')
  // A reactivation is no update; both are counted here, which matters near the limit alone.
  const updates = plan.updates.filter(({ changes }) => changes['status'] === undefined).length
  const adding = [
    worst(share(updates, active.length, 0.75), share(plan.updates.length, active.length, 0.75)),
    share(plan.rejectedRows, plan.rows, 0.1),
  ]
  if (adding.includes('met')) return 'all'
  if (adding.includes('near')) return 'either'
  if (removing.includes('met')) return 'deactivations'
  return removing.includes('near') ? 'either' : 'none'
}

function share(count: number, of: number, limit: number): Closeness {
  if (of === 0) return 'clear'
  const needed = Math.max(5, Math.ceil(of * limit))
  if (Math.abs(count - needed) <= nearBy) return 'near'
  return count > needed ? 'met' : 'clear'
}

function worst(some: Closeness, other: Closeness): Closeness {
  return some === other ? some : 'near'
}
