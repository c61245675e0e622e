import { randomUUID } from 'node:crypto'
import { decideCases } from '../../db/resolution/decide-cases.ts'
import { listQueuedResolutions, openResolution } from '../../db/resolution/open-resolution.ts'
import { countCasesOf } from '../../db/resolution/adopt-cases.ts'
import { withDistrict } from '../../db/database.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { getRun } from '../../db/import/runs.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import { createGuard } from '../guard-step.ts'
import type { CaseActivities } from '../interface.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'

type CaseDependencies = Pick<ScheduleDependencies, 'db' | 'log' | 'workflows'>

/** What a run's workflow does with messages about duplicate cases: the same doors that the API goes through. */
export function createCaseActivities({ db, log, workflows }: CaseDependencies): CaseActivities {
  const guard = createGuard(log)
  return {
    decideCases: guard(({ districtId, runId, decisions, by }) =>
      withDistrict(db, districtId, async (trx) => {
        const { dataType } = await getRun(trx, runId)
        return decideCases(trx, { districtId, dataType, decisions, by })
      }),
    ),
    processCases: guard(async ({ districtId, runId, by }) => {
      const district = (await findDistrict(db, districtId))?.slug
      if (district === undefined) throw new Error(`there is no district ${districtId}`)
      const { queued, caseCount } = await withDistrict(db, districtId, async (trx) => {
        const dataType = getDataType((await getRun(trx, runId)).dataType)
        const opened = await openResolution(trx, {
          districtId,
          dataType,
          by,
          newRun: () => {
            const id = randomUUID()
            return { id, workflowId: deriveRunWorkflowId(district, dataType.name, id) }
          },
        })
        // Those of an attempt before this one too, which may have died before it started them.
        return { ...opened, queued: await listQueuedResolutions(trx, { districtId, dataType: dataType.name }) }
      })
      for (const { id, workflowId, dataType, isTest } of queued) {
        await workflows.startRun({ runId: id, workflowId, districtId, district, dataType, isTest })
      }
      return { runIds: queued.map(({ id }) => id), caseCount }
    }),
    countCasesOf: guard(({ districtId, runId }) =>
      withDistrict(db, districtId, async (trx) => ({ count: await countCasesOf(trx, runId) })),
    ),
  }
}
