import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { listOpenAlerts } from '../../db/import/alerts.ts'
import type { RunRow } from '../../db/import/runs.ts'
import type { AppEnvironment } from '../app-environment.ts'
import type { RunDocument } from '../contract/run.ts'
import { isAtRest } from '../../domain/import-run.ts'
import { adviseOn } from '../../domain/run-trouble.ts'
import { describeHeldLimits } from './hold-document.ts'
import { isHoldShown, toRunDocument } from './run-document.ts'

/** The document of a run, with its open alerts and all about its hold that this caller may see. */
export async function buildRunDocument(
  context: Context<AppEnvironment>,
  row: RunRow,
  district: string,
): Promise<RunDocument> {
  const { db } = context.get('parts')
  if (isHoldShown(row)) {
    const mayViewValues = context.get('caller').rights.has('viewValues')
    return toRunDocument(row, district, { limits: await describeHeldLimits(db, row, mayViewValues) })
  }
  if (!isAtRest(row.state)) return toRunDocument(row, district, { trouble: await findTrouble(context, row) })
  if (row.state !== 'completedWithAlerts') return toRunDocument(row, district)
  const { districtId, dataType } = row
  const open = await withDistrict(db, districtId, (trx) => listOpenAlerts(trx, { districtId, dataType }))
  const alerts = open.map(({ kind, field, code, count, newCount, heldCount }) => {
    const rule = kind === 'notImported' ? field : null
    return { kind, field, code, count, rule, new: newCount, held: heldCount }
  })
  return toRunDocument(row, district, { alerts })
}

/** Most runs are over before anything could have failed twice: Temporal is asked about the others. */
const youngMs = 3_000

async function findTrouble(context: Context<AppEnvironment>, row: RunRow): Promise<RunDocument['trouble']> {
  if (Date.now() - row.createdAt.getTime() < youngMs) return null
  const trouble = await context.get('parts').workflows.findTrouble(row.workflowId)
  return trouble === undefined ? null : { ...trouble, advice: adviseOn(trouble.code) }
}
