import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { listImportSetRuns, type ImportSetRow } from '../../db/import/import-sets.ts'
import { findRun } from '../../db/import/runs.ts'
import type { AppEnvironment } from '../app-environment.ts'
import type { ImportSet } from '../contract/import-set.ts'
import { buildRunDocument } from './run-answer.ts'

/** The document of an import set, each of its runs as it is alone. */
export async function buildImportSet(
  context: Context<AppEnvironment>,
  set: ImportSetRow,
  district: string,
): Promise<ImportSet> {
  const { db } = context.get('parts')
  const members = await withDistrict(db, set.districtId, async (trx) => {
    const places = await listImportSetRuns(trx, set.id)
    const found = []
    for (const place of places) {
      found.push({ ...place, run: place.runId === null ? undefined : await findRun(trx, place.runId) })
    }
    return found
  })
  const runs: ImportSet['runs'] = []
  const waiting: string[] = []
  for (const { dataType, reason, run } of members) {
    if (run !== undefined) runs.push(await buildRunDocument(context, run, district))
    else if (reason !== null) runs.push({ dataType, state: 'notStarted', reason })
    else waiting.push(dataType)
  }
  return {
    setId: set.id,
    district,
    connection: set.connectionId,
    workflowId: set.workflowId,
    test: set.isTest,
    finished: set.finishedAt !== null,
    startedAt: set.createdAt.toISOString(),
    finishedAt: set.finishedAt?.toISOString() ?? null,
    input: { sha256: set.inputSha256, bytes: set.inputBytes },
    waiting,
    runs,
  }
}
