import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { findInputOfRun, type ArchivedInput } from '../../db/import/find-latest-input.ts'
import { listPlanRows, type ListedPlanRow } from '../../db/plan/list-plan-rows.ts'
import { summarizePlan } from '../../db/plan/summarize-plan.ts'
import { listRunFindings } from '../../db/import/list-run-findings.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { severities } from '../../domain/import-rules/finding.ts'
import { planActions } from '../../domain/plan/plan-action.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { jsonAnswer, listAnswer, problemAnswer } from '../answers/json-answer.ts'
import { RunFinding } from '../contract/finding.ts'
import { Flag } from '../contract/flag.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { PlanRow, PlanSummary } from '../contract/plan.ts'
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

/** Several are separated by commas: one of them. Without `names` they may be any. */
function anyOfList(names?: readonly string[]) {
  return z
    .string()
    .max(500)
    .refine((text) => names === undefined || text.split(',').every((name) => names.includes(name)), {
      message: `There are ${names?.join(', ') ?? 'others'}; several are separated by commas.`,
    })
    .transform((text) => text.split(','))
    .optional()
    .openapi({ type: 'string', description: 'One, or several separated by commas' })
}

const findings = createRoute({
  method: 'get',
  path: '/api/runs/{id}/findings',
  summary: 'What was wrong with the input of a run, as JSON pages or as one CSV',
  request: {
    ...request,
    query: request.query.extend({
      rule: anyOfList(),
      severity: anyOfList(severities),
      file: z.string().max(300).optional(),
    }),
  },
  responses: { 200: listAnswer('Findings', pageOf(RunFinding), z.string()), default: problemAnswer },
})

const plan = createRoute({
  method: 'get',
  path: '/api/runs/{id}/plan',
  summary: 'What a run does, row by row, as JSON pages or as one CSV; values only with the right viewValues',
  request: {
    ...request,
    query: request.query.extend({
      action: anyOfList(planActions),
      school: z
        .string()
        .max(600)
        .optional()
        .openapi({ description: 'The source key of the school that a row counts at' }),
      field: z
        .string()
        .max(210)
        .optional()
        .openapi({ description: 'A field that a row changes, or that a new record has' }),
    }),
  },
  responses: { 200: listAnswer('Rows of the plan', pageOf(PlanRow), z.string()), default: problemAnswer },
})

const summary = createRoute({
  method: 'get',
  path: '/api/runs/{id}/plan/summary',
  summary: 'How much a run does of what, by action, school and field; no values',
  request: { params: request.params },
  responses: { 200: jsonAnswer('The plan in numbers', PlanSummary), default: problemAnswer },
})

export function addRunDataRoutes(api: Api): void {
  api.openapi(findings, async (context) => {
    const run = await getShownRun(context, context.req.valid('param').id)
    const { db } = context.get('parts')
    const { limit, cursor, format, raw: isRaw, rule, severity, file } = context.req.valid('query')
    const filter = { rules: rule, severities: severity, file }
    if (wantsCsv(context.req.header('accept'), format)) {
      return csvResponse(streamFindingsCsv(db, run, { isRaw, filter }))
    }
    const page = { ...filter, run, afterSeq: parseSeqCursor(cursor), limit: limit + 1 }
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
    const { limit, cursor, format, raw: isRaw, action, school, field } = context.req.valid('query')
    const filter = { actions: action, school, field }
    const showsValues = mayViewValues(context.get('caller'), run.districtId)
    if (wantsCsv(context.req.header('accept'), format)) {
      return csvResponse(streamPlanCsv(db, run, { mayViewValues: showsValues, changesOnly: false, isRaw, filter }))
    }
    const page = { runId: run.id, planNo: run.planNo, afterSeq: parseSeqCursor(cursor), limit: limit + 1, filter }
    const rows = await withDistrict(db, run.districtId, (trx) => listPlanRows(trx, getDataType(run.dataType), page))
    const items = rows.slice(0, limit).map((row) => toPlanRow(row, showsValues))
    return context.json({ items, nextCursor: nextSeqCursor(rows, limit) }, 200)
  })

  api.openapi(summary, async (context) => {
    const run = await getLoggedRun(context, context.req.valid('param').id)
    const { db } = context.get('parts')
    const items = await withDistrict(db, run.districtId, (trx) =>
      summarizePlan(trx, { runId: run.id, planNo: run.planNo }),
    )
    return context.json({ runId: run.id, items }, 200)
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
