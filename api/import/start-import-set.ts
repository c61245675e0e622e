import { withDistrict } from '../../db/database.ts'
import { insertImportSet, type ImportSetRow } from '../../db/import/import-sets.ts'
import { deriveImportSetWorkflowId } from '../../domain/ids.ts'
import type { Scope } from '../access/scope.ts'
import type { AppParts } from '../app-environment.ts'
import { Refusal } from '../failures.ts'

export type WantedImportSet = {
  readonly id: string
  readonly connectionId: string
  readonly isTest: boolean
  readonly approveHold: boolean
  /** Null where the set fetches it from the connection's source. */
  readonly input: { readonly fileId: string; readonly sha256: string; readonly bytes: number } | null
  readonly requestedBy: string
}

/**
 * Writes an import set down and starts its workflow. While Temporal is away it stays as it is, and start-queued-runs.ts
 * starts it later. The same id a second time gives the set that is there.
 */
export async function startImportSet(
  { db, workflows, log }: Pick<AppParts, 'db' | 'workflows' | 'log'>,
  scope: Scope,
  { id, input, ...wanted }: WantedImportSet,
): Promise<ImportSetRow> {
  const { fileId: inputFileId = null, sha256: inputSha256 = null, bytes: inputBytes = null } = input ?? {}
  const workflowId = deriveImportSetWorkflowId(scope.district, id)
  const { districtId } = scope
  const set = await withDistrict(db, districtId, (trx) =>
    insertImportSet(trx, { ...wanted, id, districtId, workflowId, inputFileId, inputSha256, inputBytes }),
  )
  try {
    await startSetWorkflowOf(workflows, set, scope.district)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    log.warn({ setId: id, code: error.code }, 'an import set waits until Temporal is back')
  }
  return set
}

/** Starts the workflow of a set; harmless when it is at work. */
export async function startSetWorkflowOf(
  workflows: AppParts['workflows'],
  { id: setId, districtId, workflowId, inputFileId }: ImportSetRow,
  district: string,
): Promise<void> {
  await workflows.startImportSet({ setId, districtId, district, workflowId, fetchesInput: inputFileId === null })
}
