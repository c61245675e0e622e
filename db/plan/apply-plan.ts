import { sql, type Kysely, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { noActions, type ActionCounts, type PlanAction } from '../../domain/plan/plan-action.ts'
import { withDistrict, type Database } from '../database.ts'
import { getRun, type RunRow } from '../queries/runs.ts'
import type { AppliedPart } from '../tables/plans.ts'
import { applyBatch, StalePlan } from './apply-batch.ts'
import { recordAppliedInput } from './applied-input.ts'
import { countApplied } from './count-applied.ts'

export type ApplyPlanRequest = {
  readonly districtId: string
  readonly runId: string
  readonly dataType: DataType
  readonly part: AppliedPart | 'all'
  /** Rows of the plan looked at in one transaction. */
  readonly batchRows?: number
  /** Awaited after each batch; what it throws stops the apply between two batches. */
  readonly afterBatch?: (progress: {
    readonly appliedRows: number
    readonly plannedRows: number
  }) => Promise<void> | void
}

export type ApplyPlanResult =
  /** What is applied of the run by now, earlier attempts included. */
  { readonly isStale: false; readonly actions: ActionCounts } | { readonly isStale: true }

const actionsOfPart: Readonly<Record<AppliedPart, readonly PlanAction[]>> = {
  safe: ['create', 'update', 'reactivate', 'unchanged'],
  deactivations: ['deactivate'],
}

/**
 * Applies one part of the plan in batches, each with its journal in a transaction of its own. Batches that are there
 * already are passed over, so a killed apply goes on where it stopped, and two at once do the work of one. Stale means
 * that the records moved since the plan was made: the batch that noticed changed nothing, earlier ones stay and are in
 * the journal.
 */
export async function applyPlan(db: Kysely<Database>, request: ApplyPlanRequest): Promise<ApplyPlanResult> {
  const { districtId, runId, dataType, batchRows = 50_000 } = request
  const { run, planned, endSeq } = await withDistrict(db, districtId, async (trx) => ({
    run: await getRun(trx, runId),
    ...(await findExtent(trx, runId)),
  }))
  const parts: readonly AppliedPart[] = request.part === 'all' ? ['safe', 'deactivations'] : [request.part]
  try {
    for (const part of parts) {
      const actions = actionsOfPart[part].filter((action) => planned[action] > 0)
      if (actions.length === 0) continue
      const batch = { part, actions, batchRows, endSeq }
      for (let appliedRows = 0; appliedRows < endSeq;) {
        appliedRows = await withDistrict(db, districtId, (trx) => applyBatch(trx, { run, dataType, request: batch }), {
          workMem: '64MB',
        })
        await request.afterBatch?.({ appliedRows, plannedRows: endSeq })
      }
    }
  } catch (error) {
    if (error instanceof StalePlan) return { isStale: true }
    throw error
  }
  return withDistrict(db, districtId, async (trx) => {
    await recordAppliedInput(trx, runId)
    return { isStale: false, actions: await countApplied(trx, runId) }
  })
}

async function findExtent(trx: Transaction<Database>, runId: string) {
  const run: RunRow = await getRun(trx, runId)
  const { rows } = await sql<{ endSeq: number }>`
    select coalesce(max(seq), 0) as end_seq from plan_rows where run_id = ${runId} and plan_no = ${run.planNo}`.execute(
    trx,
  )
  return { planned: { ...noActions, ...run.plannedCounts }, endSeq: rows[0]?.endSeq ?? 0 }
}
