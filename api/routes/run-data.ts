import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { findInputOfRun, type ArchivedInput } from '../../db/import/find-latest-input.ts'
import { listPlanRows, type ListedPlanRow } from '../../db/plan/list-plan-rows.ts'
import { listRunFindings } from '../../db/import/list-run-findings.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { listAnswer, problemAnswer } from '../answers/json-answer.ts'
import { RunFinding } from '../contract/finding.ts'
import { Flag } from '../contract/flag.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { PlanRow } from '../contract/plan.ts'
import { csvResponse, wantsCsv } from '../answers/csv-stream.ts'
import { encodeCursor, parseSeqCursor } from '../answers/cursor.ts'
import { Refusal } from '../failures.ts'
import { streamFindingsCsv, streamPlanCsv } from '../import/run-tables.ts'
import { listBoundSchools, mayViewValues, type Reach } from '../access/grants.ts'
import { enterRun } from '../access/scope.ts'

const request = {
  params: z.object({ id: z.uuid() }),
  query: PageQuery.extend({
    format: z.enum(['json', 'csv']).optional(),
    /** CSV only: for machines, without the apostrophe before what a spreadsheet would take for a formula. */
    raw: Flag,
  }),
}

const findings = createRoute({
  method: 'get',
  path: '/api/runs/{id}/findings',
  summary: 'What was wrong with the input of a run, as JSON pages or as one CSV',
  request,
  responses: { 200: listAnswer('Findings', pageOf(RunFinding), z.string()), default: problemAnswer },
})

const plan = createRoute({
  method: 'get',
  path: '/api/runs/{id}/plan',
  summary: 'What a run does, row by row, as JSON pages or as one CSV; values only with the right viewValues',
  request,
  responses: { 200: listAnswer('Rows of the plan', pageOf(PlanRow), z.string()), default: problemAnswer },
})

export function addRunDataRoutes(api: Api): void {
  api.openapi(findings, async (context) => {
    const run = await getShownRun(context, context.req.valid('param').id)
    const { db } = context.get('parts')
    const { limit, cursor, format, raw: isRaw } = context.req.valid('query')
    if (wantsCsv(context.req.header('accept'), format)) {
      return csvResponse(streamFindingsCsv(db, run, { isRaw }))
    }
    const page = { run, afterSeq: parseSeqCursor(cursor), limit: limit + 1 }
    const rows = await withDistrict(db, run.districtId, (trx) => listRunFindings(trx, page))
    const items = rows.slice(0, limit).map(({ seq, rule, severity, file, line, column, sourceId, message }) => ({
      ...{ seq, rule, severity, file, line, column, message },
      sourcedId: sourceId,
    }))
    return context.json({ items, nextCursor: nextSeqCursor(rows, limit) }, 200)
  })

  api.openapi(plan, async (context) => {
    const run = await getShownRun(context, context.req.valid('param').id)
    const { db } = context.get('parts')
    const { limit, cursor, format, raw: isRaw } = context.req.valid('query')
    const showsValues = mayViewValues(context.get('caller'), run.districtId)
    if (wantsCsv(context.req.header('accept'), format)) {
      return csvResponse(streamPlanCsv(db, run, { mayViewValues: showsValues, changesOnly: false, isRaw }))
    }
    const page = { runId: run.id, planNo: run.planNo, afterSeq: parseSeqCursor(cursor), limit: limit + 1 }
    const rows = await withDistrict(db, run.districtId, (trx) => listPlanRows(trx, getDataType(run.dataType), page))
    const items = rows.slice(0, limit).map((row) => toPlanRow(row, showsValues))
    return context.json({ items, nextCursor: nextSeqCursor(rows, limit) }, 200)
  })
}

/** The run with its log, of which the caller may see every row or those of some schools. */
async function getShownRun(context: Context<AppEnvironment>, id: string): Promise<RunRow> {
  const run = await getLoggedRun(context, id, 'schools')
  listBoundSchools(context.get('caller'), run.districtId, getDataType(run.dataType))
  return run
}

/** The run with its log, if it is in a district where the caller may view; a Refusal when the log was removed. */
export async function getLoggedRun(context: Context<AppEnvironment>, id: string, reach?: Reach): Promise<RunRow> {
  const { districtId } = await enterRun(context, id, 'view', reach)
  return await withDistrict(context.get('parts').db, districtId, async (trx) => {
    const run = await findRun(trx, id)
    if (run === undefined) throw new Refusal('NOT_FOUND', 'There is no run of this id.')
    if (run.undoOf === null && run.logKeptDays !== null) {
      throw new Refusal('LOG_REMOVED', describeRemoved(run.id, run.logKeptDays, await findInputOfRun(trx, id)))
    }
    return run
  })
}

function describeRemoved(runId: string, days: number, input: ArchivedInput | undefined): string {
  const removed = `Removed after ${days} days; the run with its counts and the history of records stay.`
  return input === undefined
    ? `${removed} Its package is no longer kept either, so it cannot be run again.`
    : `${removed} Rerun to see it again: \`rollbook run rerun ${runId} --test\` changes nothing.`
}

/** A page was read with one row too many, to know whether there is another. */
function nextSeqCursor(rows: readonly { readonly seq: number }[], limit: number): string | null {
  const last = rows[limit - 1]
  return rows.length > limit && last !== undefined ? encodeCursor([last.seq]) : null
}

function toPlanRow(row: ListedPlanRow, showsValues: boolean): PlanRow {
  const { seq, action, recordId, sisId, school, schoolName, line, reason } = row
  const changes = Object.entries(row.changes ?? {})
  const values = changes.map(([field, [before, after]]) => [field, { old: before, new: after }] as const)
  return {
    ...{ seq, action, recordId, sisId, school, schoolName, line, reason },
    name: showsValues ? row.name : null,
    fields: changes.map(([field]) => field),
    changes: showsValues ? Object.fromEntries(values) : null,
  }
}
