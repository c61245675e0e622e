import { randomUUID } from 'node:crypto'
import { withDistrict } from '../../../db/database.ts'
import { insertRun, type RunRow } from '../../../db/import/runs.ts'
import { deriveRunWorkflowId } from '../../../domain/ids.ts'
import type { RunState } from '../../../domain/import-run.ts'
import type { Connection } from '../../../api/contract/connection.ts'
import { readAnswer, type ApiRig, type TestDistrict } from '../api-rig.ts'

export async function plantConnection(rig: ApiRig, token: string, district: TestDistrict): Promise<Connection> {
  const body = { connector: 'oneroster-csv', settings: {} }
  return await readAnswer(await rig.sendJson(token, 'POST', `/api/districts/${district.slug}/connections`, body), 201)
}

/** A run in the given state, written straight into the table. */
export async function plantRun(
  rig: ApiRig,
  district: TestDistrict,
  connectionId: string,
  state: RunState = 'completed',
): Promise<RunRow> {
  const id = randomUUID()
  return await withDistrict(rig.db, district.id, async (trx) => {
    const run = await insertRun(trx, {
      id,
      districtId: district.id,
      connectionId,
      dataType: 'students',
      isTest: false,
      approveHold: false,
      inputFileId: null,
      inputSha256: null,
      inputBytes: null,
      rerunOf: null,
      requestedBy: 'tester',
      workflowId: deriveRunWorkflowId(district.slug, 'students', id),
    })
    await trx.updateTable('importRuns').set({ state }).where('id', '=', id).execute()
    return { ...run, state }
  })
}
