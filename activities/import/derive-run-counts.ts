import { noCounts, type RunCounts } from '../../domain/import-run.ts'
import type { ActionCounts } from '../../domain/plan/plan-action.ts'

export type PlannedFacts = {
  readonly staging: { readonly rowsRead: number; readonly rejectedCount: number }
  readonly planned: ActionCounts
  /** Deactivations of records that the input does not have: the only actions without a row of their own. */
  readonly absentCount: number
  /** Duplicate cases; those that are likely are among the skips of the plan, the others among its creates. */
  readonly found: { readonly likely: number; readonly possible: number }
}

/**
 * The counts of a run whose plan is made (contract.md). Every row that was read is in just one of them (one that is created
 * and may be a duplicate is in `duplicates` besides), so what the plan does not name is unchanged: most rows of most runs, and they were not even staged. A test import counts what it
 * would do; any other run has done nothing yet.
 */
export function derivePlannedCounts(
  { staging, planned, absentCount, found }: PlannedFacts,
  isTest: boolean,
): RunCounts {
  const named = planned.create + planned.update + planned.reactivate + planned.skip + planned.deactivate - absentCount
  return {
    ...noCounts,
    read: staging.rowsRead,
    rejected: staging.rejectedCount,
    skipped: planned.skip - found.likely,
    duplicates: found.likely + found.possible,
    unchanged: Math.max(staging.rowsRead - staging.rejectedCount - named, 0),
    ...(isTest ? toDone(planned) : {}),
  }
}

/** The counts of a run that has applied this much. */
export function deriveAppliedCounts(before: Partial<RunCounts>, applied: ActionCounts): RunCounts {
  return { ...noCounts, ...before, ...toDone(applied) }
}

function toDone(actions: ActionCounts): Pick<RunCounts, 'created' | 'updated' | 'deactivated' | 'reactivated'> {
  return {
    created: actions.create,
    updated: actions.update,
    deactivated: actions.deactivate,
    reactivated: actions.reactivate,
  }
}
