import { Context } from '@temporalio/activity'
import { withDistrict } from '../../db/database.ts'
import { withoutStatementLimits } from '../../db/statement-limits.ts'
import { applyPlan, type ApplyPlanResult } from '../../db/plan/apply/apply-plan.ts'
import { countApplied } from '../../db/plan/count-applied.ts'
import { getRun, moveRun, updateRunProgress, type RunRow } from '../../db/import/runs.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { AppliedRun, ApplyRequest, ImportActivities } from '../interface.ts'
import { wasCancelled } from '../was-cancelled.ts'

type ApplyPlanDependencies = Pick<ActivityDependencies, 'db'> & {
  /** Rows of a plan applied in one transaction; the database's own choice without it. */
  readonly applyBatchRows?: number
}

/**
 * Applies one part of the run's plan. Between two batches it looks whether it should stop: a batch is never cut, and
 * what was applied before stays and is counted. Called again it goes on after the last committed batch.
 */
export function createApplyPlan(dependencies: ApplyPlanDependencies): ImportActivities['applyPlan'] {
  const { db } = dependencies
  return async (request) => {
    const { districtId, runId } = request
    const { cancellationSignal } = Context.current()
    const run = await withDistrict(db, districtId, (trx) => getRun(trx, runId))
    try {
      return await applyParts(dependencies, request, run, cancellationSignal)
    } catch (error) {
      if (!wasCancelled(cancellationSignal)) throw error
      const count = () => withDistrict(db, districtId, (trx) => countApplied(trx, runId))
      return { kind: 'stopped', actions: await withoutStatementLimits(count) }
    }
  }
}

async function applyParts(
  { db, applyBatchRows }: ApplyPlanDependencies,
  { districtId, runId, part }: ApplyRequest,
  run: RunRow,
  signal: AbortSignal,
): Promise<AppliedRun> {
  const dataType = getDataType(run.dataType)
  const parts = part === 'all' ? (['safe', 'deactivations'] as const) : [part]
  let actions: (AppliedRun & { kind: 'applied' })['actions'] | undefined
  // Approved, and nothing is left in it to claim the records for: it goes on all the same.
  if (run.state === 'held' && part === 'deactivations' && (run.plannedCounts?.deactivate ?? 0) === 0) {
    await withDistrict(db, districtId, (trx) => moveRun(trx, runId, 'applying'))
  }
  for (const each of parts) {
    // Cancelled after the last batch that has anything in it is too late: then everything was applied.
    if (each === 'deactivations' && actions !== undefined && (run.plannedCounts?.deactivate ?? 0) === 0) break
    signal.throwIfAborted()
    const applied = await applyPlan(db, {
      districtId,
      runId,
      dataType,
      part: each,
      // From here on no older run may apply, and this one is shown as applying.
      onClaim: (trx) => moveRun(trx, runId, 'applying'),
      ...(applyBatchRows === undefined ? {} : { batchRows: applyBatchRows }),
      afterBatch: async ({ appliedRows, plannedRows }) => {
        await withDistrict(db, districtId, (trx) =>
          updateRunProgress(trx, runId, { stage: 'applying', rows: appliedRows, totalRows: plannedRows }),
        )
        Context.current().heartbeat({ part: each, appliedRows, plannedRows })
        if (appliedRows < plannedRows) signal.throwIfAborted()
      },
    })
    if (applied.isStale) return toObstacle(applied)
    actions = applied.actions
  }
  return {
    kind: 'applied',
    actions: actions ?? (await withDistrict(db, districtId, (trx) => countApplied(trx, runId))),
  }
}

function toObstacle({ supersededBy, waitsFor }: ApplyPlanResult & { isStale: true }): AppliedRun {
  if (supersededBy !== undefined) return { kind: 'superseded', byRunId: supersededBy }
  if (waitsFor !== undefined) return { kind: 'waits', forRunId: waitsFor }
  return { kind: 'stale' }
}
