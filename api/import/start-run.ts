import type { Kysely } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { insertRun, type RunRow } from '../../db/import/runs.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import type { AppParts } from '../app-environment.ts'
import { Refusal } from '../failures.ts'
import type { Scope } from '../access/scope.ts'

export type WantedRun = {
  readonly id: string
  readonly connectionId: string
  readonly dataType: string
  readonly isTest: boolean
  readonly approveHold: boolean
  readonly input: { readonly fileId: string; readonly sha256: string; readonly bytes: number } | null
  readonly rerunOf: string | null
  /** The version it is to work with; without it the one that is configured when it opens. */
  readonly mappingVersionId?: string | null
  readonly requestedBy: string
}

/**
 * Writes a run down and starts its workflow. While Temporal is away the run stays queued, and start-queued-runs.ts
 * starts it later: what was accepted is not lost. The same id a second time gives the run that is there.
 */
export async function startRun(
  { db, workflows, log }: Pick<AppParts, 'db' | 'workflows' | 'log'>,
  scope: Scope,
  wanted: WantedRun,
): Promise<RunRow> {
  const { id, dataType, input, ...rest } = wanted
  const run = await insertQueuedRun(db, scope, {
    ...rest,
    id,
    dataType,
    districtId: scope.districtId,
    inputFileId: input?.fileId ?? null,
    inputSha256: input?.sha256 ?? null,
    inputBytes: input?.bytes ?? null,
    workflowId: deriveRunWorkflowId(scope.district, dataType, id),
  })
  try {
    await startWorkflowOf(workflows, run, scope.district)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    log.warn({ runId: run.id, code: error.code }, 'a run stays queued until Temporal is back')
  }
  return run
}

/** Starts the workflow of a queued run; harmless when it was started before. */
export async function startWorkflowOf(workflows: AppParts['workflows'], run: RunRow, district: string): Promise<void> {
  const { id: runId, workflowId, districtId, dataType, isTest } = run
  const fetchesInput = run.inputFileId === null && !run.isResolution
  await workflows.startRun({ runId, workflowId, districtId, district, dataType, isTest, fetchesInput })
}

function insertQueuedRun(db: Kysely<Database>, scope: Scope, run: Parameters<typeof insertRun>[1]): Promise<RunRow> {
  return withDistrict(db, scope.districtId, (trx) => insertRun(trx, run))
}
