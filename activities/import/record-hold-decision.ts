import { withDistrict } from '../../db/database.ts'
import { findAuditEntry } from '../../db/access/find-audit-entry.ts'
import { insertAuditEntry } from '../../db/access/audit.ts'
import { lockRun } from '../../db/import/runs.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { ImportActivities } from '../interface.ts'

/** Once per plan: a run that is held again is decided again, a step that is repeated is not written down twice. */
export function createRecordHoldDecision({
  db,
}: Pick<ActivityDependencies, 'db'>): ImportActivities['recordHoldDecision'] {
  return ({ districtId, runId, decision, by }) =>
    withDistrict(db, districtId, async (trx) => {
      const run = await lockRun(trx, runId)
      if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
      const action = decision === 'approve' ? 'approveHold' : 'discardHold'
      const subject = { runId, heldAt: run.rosterVersion, planNo: run.planNo }
      if (await findAuditEntry(trx, { districtId, action, subject })) return
      await insertAuditEntry(trx, { districtId, actor: by, action, subject })
    })
}
