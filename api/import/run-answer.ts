import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { listOpenAlerts, type AlertRow } from '../../db/import/alerts.ts'
import { listSchoolSkips, type SchoolSkip } from '../../db/plan/schools/school-skips.ts'
import type { RunRow } from '../../db/import/runs.ts'
import { mayViewValues } from '../access/grants.ts'
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
  const document = (await buildRunDocuments(context, [row], district)).get(row.id)
  if (document === undefined) throw new Error('a run that was given has a document')
  return document
}

/** The same of several runs of one district, by their ids; what they have in common is asked once. */
export async function buildRunDocuments(
  context: Context<AppEnvironment>,
  rows: readonly RunRow[],
  district: string,
): Promise<ReadonlyMap<string, RunDocument>> {
  const alerts = await readAlerts(context, rows)
  const skips = await readSchoolSkips(context, rows)
  const documents = new Map<string, RunDocument>()
  for (const row of rows) {
    const document = await build(context, row, district, alerts)
    documents.set(row.id, { ...document, skippedSchools: skips.filter(({ runId }) => runId === row.id).map(toSkipped) })
  }
  return documents
}

async function build(
  context: Context<AppEnvironment>,
  row: RunRow,
  district: string,
  open: readonly AlertRow[],
): Promise<RunDocument> {
  const { db } = context.get('parts')
  if (isHoldShown(row)) {
    const showsValues = mayViewValues(context.get('caller'), row.districtId)
    return toRunDocument(row, district, { limits: await describeHeldLimits(db, row, showsValues) })
  }
  if (!isAtRest(row.state)) return toRunDocument(row, district, { trouble: await findTrouble(context, row) })
  if (!hasAlerts(row)) return toRunDocument(row, district)
  const ofType = open.filter(({ dataType }) => dataType === row.dataType)
  const alerts = ofType.map(({ kind, field, code, count, newCount, heldCount }) => {
    const rule = kind === 'notImported' ? field : null
    return { kind, field, code, count, rule, new: newCount, held: heldCount }
  })
  return toRunDocument(row, district, { alerts })
}

const mostSchools = 100

async function readSchoolSkips(
  context: Context<AppEnvironment>,
  rows: readonly RunRow[],
): Promise<readonly SchoolSkip[]> {
  const [first] = rows
  if (first === undefined) return []
  const ids = rows.map(({ id }) => id)
  return withDistrict(context.get('parts').db, first.districtId, (trx) => listSchoolSkips(trx, ids, mostSchools))
}

function toSkipped({ reason, sourceKey, schoolId, name, rowCount, heldCount }: SchoolSkip) {
  return { reason, sourceKey, schoolId, name, rows: rowCount, held: heldCount }
}

const hasAlerts = ({ state }: RunRow): boolean => state === 'completedWithAlerts'

async function readAlerts(context: Context<AppEnvironment>, rows: readonly RunRow[]): Promise<readonly AlertRow[]> {
  const [first, ...rest] = rows.filter(hasAlerts)
  if (first === undefined) return []
  const { districtId } = first
  const dataType = [first, ...rest].map((row) => row.dataType)
  return withDistrict(context.get('parts').db, districtId, (trx) => listOpenAlerts(trx, { districtId, dataType }))
}

/** Most runs are over before anything could have failed twice: Temporal is asked about the others. */
const youngMs = 3_000

async function findTrouble(context: Context<AppEnvironment>, row: RunRow): Promise<RunDocument['trouble']> {
  if (Date.now() - row.createdAt.getTime() < youngMs) return null
  const trouble = await context.get('parts').workflows.findTrouble(row.workflowId)
  return trouble === undefined ? null : { ...trouble, advice: adviseOn(trouble.code) }
}
