import type { MetLimit } from '../../domain/plan/met-limit.ts'

/**
 * Does the plan that met `now` ask for more than a person approved when it met `approved`: a limit that was not met
 * then, or more records over one that was?
 */
export function isWorsePlan(approved: readonly MetLimit[], now: readonly MetLimit[]): boolean {
  const approvedCounts = new Map(approved.map((limit) => [keyOf(limit), limit.count]))
  return now.some((limit) => limit.count > (approvedCounts.get(keyOf(limit)) ?? -1))
}

function keyOf({ limit, scope, schoolId }: MetLimit): string {
  return `${limit} ${scope} ${schoolId ?? ''}`
}
