import type { Limit, SafetyLimits } from './import-settings.ts'
import type { KeptBack, LimitName, MetLimit } from './met-limit.ts'

/** What the inputs before it make doubtful about an input (rules D-05 and D-08). */
export type InputDoubts = {
  /** A delta that is older than an input which was applied. */
  readonly isLate: boolean
  /** Another version of the standard than that of the last input. */
  readonly isOtherFormat: boolean
  /** The first input that says of itself that it is complete since there were deltas. */
  readonly isFirstWholeAfterDeltas: boolean
}

/** Counts of records, of which the limits are shares. */
export type PlanTotals = {
  /** Active records held before the plan. */
  readonly activeCount: number
  readonly deactivations: number
  readonly updates: number
  /** Creates, updates, deactivations and reactivations. */
  readonly changes: number
  /** Records that go to another school. */
  readonly moves: number
  /** Creates that look like a record deactivated by the same plan, and updates that give a record a new id. */
  readonly changedIds: number
  /** Rows whose ids lead to different records, or to somebody else than the rest says, and that are no open cases yet. */
  readonly identityConflicts: number
  readonly schools: readonly {
    readonly schoolId: string
    readonly activeCount: number
    readonly deactivations: number
    readonly identityConflicts: number
    /** Records that leave it for another school. */
    readonly moves: number
  }[]
  readonly rowsRead: number
  readonly rejectedRows: number
  readonly doubts: InputDoubts
}

/**
 * The limits that a plan meets, the district's before the schools'. A first import cannot meet
 * those that are shares of what is held.
 */
export function checkSafetyLimits(totals: PlanTotals, limits: SafetyLimits): MetLimit[] {
  const { activeCount } = totals
  const met: (MetLimit | undefined)[] = [
    checkLimit('deactivations', totals.deactivations, activeCount, limits.deactivations),
    checkLimit('updates', totals.updates, activeCount, limits.updates),
    checkLimit('errorFindings', totals.rejectedRows, totals.rowsRead, limits.errorFindings),
    checkLimit('idSchemeChange', totals.changedIds, activeCount, limits.idSchemeChange),
    checkLimit('identityConflicts', totals.identityConflicts, totals.rowsRead, limits.identityConflicts),
    checkLimit('schoolMoves', totals.moves, activeCount, limits.schoolMoves),
    ...checkDoubts(totals),
    ...totals.schools.map(
      (school) =>
        checkLimit('deactivations', school.deactivations, school.activeCount, limits.deactivations, school.schoolId) ??
        checkEmptied(school),
    ),
    ...totals.schools.map(({ identityConflicts, activeCount: ofSchool, schoolId }) =>
      checkLimit('identityConflicts', identityConflicts, ofSchool, limits.identityConflicts, schoolId),
    ),
  ]
  return met.filter((limit) => limit !== undefined)
}

/** Only a doubt about removing people lets adds and updates go on; every other doubt is about them. */
export function deriveKeptBack(metLimits: readonly MetLimit[]): KeptBack {
  if (metLimits.length === 0) return 'none'
  return metLimits.every(({ limit }) => aboutRemoving.includes(limit)) ? 'deactivations' : 'all'
}

const aboutRemoving: readonly LimitName[] = ['deactivations', 'lateDelta', 'otherMode']

/**
 * A delta that comes late knows nothing of those who came back since, and a file that calls itself complete for the
 * first time may be a delta under the wrong name: then whoever they remove waits for a person. In another version every
 * value may mean something else. Once such an input was applied, the next of its form is nothing new.
 */
function checkDoubts({ doubts, deactivations, changes }: PlanTotals): (MetLimit | undefined)[] {
  const check = (limit: LimitName, isDoubtful: boolean, count: number): MetLimit | undefined =>
    isDoubtful && count > 0 ? { limit, scope: 'district', schoolId: null, value: count, max: 1, count } : undefined
  return [
    check('lateDelta', doubts.isLate, deactivations),
    check('otherMode', doubts.isFirstWholeAfterDeltas, deactivations),
    check('otherVersion', doubts.isOtherFormat, changes),
  ]
}

/**
 * A school that loses everybody, however small it is. Not one that is closed: its students go to other schools, and
 * the few that do not are fewer.
 */
function checkEmptied({
  schoolId,
  activeCount,
  deactivations,
  moves,
}: PlanTotals['schools'][number]): MetLimit | undefined {
  const isEmptied = deactivations >= 2 && deactivations >= moves && deactivations + moves >= activeCount
  if (!isEmptied) return undefined
  return { limit: 'deactivations', scope: 'school', schoolId, value: 1, max: 1, count: deactivations }
}

function checkLimit(
  limit: LimitName,
  count: number,
  of: number,
  setting: Limit,
  schoolId: string | null = null,
): MetLimit | undefined {
  const scope = schoolId === null ? 'district' : 'school'
  if ('count' in setting) {
    return of > 0 && count >= setting.count
      ? { limit, scope, schoolId, value: count, max: setting.count, count }
      : undefined
  }
  if (of === 0 || count < setting.atLeast) return undefined
  const value = count / of
  return value >= setting.share ? { limit, scope, schoolId, value, max: setting.share, count } : undefined
}
