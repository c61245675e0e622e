import { sql, type Kysely, type Transaction } from 'kysely'
import type { DataType } from '../../../domain/data-types/define-data-type.ts'
import { noActions, type ActionCounts, type AppliedPart, type PlanAction } from '../../../domain/plan/plan-action.ts'
import { withDistrict, type Database } from '../../database.ts'
import type { RunRow } from '../../import/runs.ts'
import { countJoined } from '../../engine/count-outgrown.ts'
import { recordAppliedInput } from '../applied-input.ts'
import { applyBatch, StalePlan, type Batch } from './apply-batch.ts'
import { maxSeq } from '../../staging/planned-creates.ts'
import { claimDataset, type ClaimObstacle } from '../claim-dataset.ts'
import { countApplied, updateAppliedCounts } from '../count-applied.ts'
import { runInLanes } from './run-in-lanes.ts'

export type ApplyPlanRequest = {
  readonly districtId: string
  readonly runId: string
  readonly dataType: DataType
  readonly part: AppliedPart | 'all'
  /** Rows of the plan looked at in one transaction; whoever applies a plan first decides. */
  readonly batchRows?: number
  /** Batches at the same time, each on a connection of its own; two for a large plan unless told. */
  readonly lanes?: number
  /** What else belongs to the moment from which on the records follow this run, in its transaction. */
  readonly onClaim?: (trx: Transaction<Database>) => Promise<unknown>
  /** Awaited after each batch; what it throws stops the apply between two batches. */
  readonly afterBatch?: (progress: {
    readonly appliedRows: number
    readonly plannedRows: number
  }) => Promise<void> | void
}

export type ApplyPlanResult =
  /** What is applied of the run by now, earlier attempts included. */
  | { readonly isStale: false; readonly actions: ActionCounts }
  /** Nothing more may be applied by this plan; by another one only if neither of the two is given. */
  | { readonly isStale: true; readonly supersededBy?: string; readonly waitsFor?: string }

const actionsOfPart: Readonly<Record<AppliedPart, readonly PlanAction[]>> = {
  safe: ['create', 'update', 'reactivate', 'unchanged'],
  deactivations: ['deactivate'],
}

/**
 * Applies one part of the plan in batches, each with its journal in a transaction of its own. Batches that are there
 * already are passed over, so a killed apply goes on where it stopped, and two at once do the work of one. Stale means
 * that the records moved since the plan was made: the batch that noticed changed nothing, others stay and are in the
 * journal.
 */
export async function applyPlan(db: Kysely<Database>, request: ApplyPlanRequest): Promise<ApplyPlanResult> {
  const { districtId, runId, dataType } = request
  const parts: readonly AppliedPart[] = request.part === 'all' ? ['safe', 'deactivations'] : [request.part]
  const { planned, endSeq, isResolution } = await withDistrict(db, districtId, (trx) =>
    findExtent(trx, dataType, runId),
  )
  // Records that exchange their ids must do so at once.
  const batchRows = isResolution ? maxSeq : (request.batchRows ?? 25_000)
  const lanes = request.lanes ?? (endSeq >= worthTwoLanes ? 2 : 1)
  const steps = parts
    .map((part) => ({ part, actions: actionsOfPart[part].filter((action) => planned[action] > 0) }))
    .filter(({ actions }) => actions.length > 0)
  const isOnlyInOtherPart =
    steps.length === 0 &&
    Object.values(actionsOfPart)
      .flat()
      .some((action) => planned[action] > 0)
  // The part in which there is something says what the records follow; until then nobody's place is taken.
  if (isOnlyInOtherPart) {
    return { isStale: false, actions: await withDistrict(db, districtId, (trx) => countApplied(trx, runId)) }
  }
  const { onClaim } = request
  const claim = await withDistrict(db, districtId, (trx) =>
    // With nothing to do its input is the last word all the same.
    claimDataset(trx, { runId, batchRows, hasWork: steps.length > 0, onClaim }),
  )
  if ('obstacle' in claim) return describeObstacle(claim.obstacle)
  const { run } = claim
  if (steps.length > 0) {
    try {
      for (const { part, actions } of steps) {
        let appliedRows = 0
        await runInLanes(listBatches({ part, actions, endSeq, batchRows: run.batchRows }), lanes, async (batch) => {
          await withDistrict(db, districtId, (trx) => applyBatch(trx, { run, dataType, batch }), { workMem: '64MB' })
          await withDistrict(db, districtId, (trx) => updateAppliedCounts(trx, runId))
          appliedRows += batch.lastSeq - batch.firstSeq + 1
          await request.afterBatch?.({ appliedRows, plannedRows: endSeq })
        })
      }
    } catch (error) {
      if (error instanceof StalePlan) return { isStale: true }
      throw error
    }
  }
  return withDistrict(db, districtId, async (trx) => {
    await recordAppliedInput(trx, runId)
    const actions = await countApplied(trx, runId)
    if (planned.create >= worthAnalyzing) await countJoined(trx, [dataType.table])
    return { isStale: false, actions }
  })
}

function describeObstacle(obstacle: ClaimObstacle): ApplyPlanResult {
  switch (obstacle.kind) {
    case 'stale':
      return { isStale: true }
    case 'superseded':
      return { isStale: true, supersededBy: obstacle.byRunId }
    case 'waits':
      return { isStale: true, waitsFor: obstacle.forRunId }
  }
}

/** Below that a second lane saves less than a second. */
const worthTwoLanes = 100_000

/** With so many new records the next plan must not be made by what the planner knew before them. */
const worthAnalyzing = 10_000

/** Of the rows of the plan and of those that it creates records from. */
async function findExtent(trx: Transaction<Database>, dataType: DataType, runId: string) {
  const { rows } = await sql<{ endSeq: number; planned: RunRow['plannedCounts']; isResolution: boolean }>`
    select planned_counts as planned, is_resolution,
      greatest(
        (select coalesce(max(seq), 0) from plan_rows where run_id = run.id and plan_no = run.plan_no),
        (select coalesce(max(seq), 0) from ${sql.table(dataType.stagedTable)} where run_id = run.id)) as end_seq
    from import_runs run where id = ${runId}`.execute(trx)
  const [extent] = rows
  if (extent === undefined) throw new Error(`there is no run ${runId} in this district`)
  return { planned: { ...noActions, ...extent.planned }, endSeq: extent.endSeq, isResolution: extent.isResolution }
}

function* listBatches(step: {
  readonly part: AppliedPart
  readonly actions: readonly PlanAction[]
  readonly endSeq: number
  readonly batchRows: number
}): Generator<Batch> {
  const { part, actions, endSeq, batchRows } = step
  for (let batchNo = 0; batchNo * batchRows < endSeq; batchNo++) {
    const firstSeq = batchNo * batchRows + 1
    yield { part, actions, batchNo, firstSeq, lastSeq: Math.min(firstSeq + batchRows - 1, endSeq) }
  }
}
