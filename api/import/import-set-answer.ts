import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { listImportSetRuns, readRunsOfSet, type ImportSetRow } from '../../db/import/import-sets.ts'
import type { AppEnvironment } from '../app-environment.ts'
import type { ImportSet } from '../contract/import-set.ts'
import { buildRunDocuments } from './run-answer.ts'

/** The document of an import set, each of its runs as it is alone. */
export async function buildImportSet(
  context: Context<AppEnvironment>,
  set: ImportSetRow,
  district: string,
): Promise<ImportSet> {
  const { db } = context.get('parts')
  const { members, found } = await withDistrict(db, set.districtId, async (trx) => ({
    members: await listImportSetRuns(trx, set.id),
    found: await readRunsOfSet(trx, set.id),
  }))
  const documents = await buildRunDocuments(context, [...found.values()], district)
  const runs: ImportSet['runs'] = []
  const waiting: string[] = []
  for (const { dataType, reason, runId } of members) {
    const run = runId === null ? undefined : documents.get(runId)
    if (run !== undefined) runs.push(run)
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
    input: set.inputSha256 === null ? null : { sha256: set.inputSha256, bytes: set.inputBytes ?? 0 },
    requestedBy: set.requestedBy,
    waiting,
    runs,
  }
}
