import { setTimeout as sleep } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import type { Kysely } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { listRuns } from '../../db/import/list-runs.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { isAtRest } from '../../domain/import-run.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { RunDocument } from '../contract/run.ts'
import { encodeCursor, parseCursor, parseIdCursor } from '../answers/cursor.ts'
import { Refusal } from '../failures.ts'
import { buildRunDocument } from '../import/run-answer.ts'
import { toRunDocument } from '../import/run-document.ts'
import { enterDistrict, enterRun, listScopes } from '../access/scope.ts'

const list = createRoute({
  method: 'get',
  path: '/api/runs',
  summary: 'Runs, the newest first; without examples of a hold',
  request: { query: PageQuery.extend({ district: z.string().optional(), dataType: z.string().optional() }) },
  responses: { 200: jsonAnswer('A page of runs', pageOf(RunDocument)), default: problemAnswer },
})

const show = createRoute({
  method: 'get',
  path: '/api/runs/{id}',
  summary: 'One run; with `wait`, as soon as it needs nobody or waits for somebody, or after so many seconds',
  request: {
    params: z.object({ id: z.uuid() }),
    query: z.object({ wait: z.coerce.number().min(0).max(25).default(0) }),
  },
  responses: { 200: jsonAnswer('The run', RunDocument), default: problemAnswer },
})

export function addRunRoutes(api: Api): void {
  api.openapi(list, async (context) => {
    const { limit, cursor, district, dataType } = context.req.valid('query')
    const { db } = context.get('parts')
    const scopes =
      district === undefined
        ? await listScopes(context, 'view', 'schools')
        : [await enterDistrict(context, district, 'view', 'schools')]
    // District by district, and within one by time: a cursor names the district it stands in.
    const slug = parseCursor(cursor)?.map(String)[0]
    const beforeId = parseIdCursor(cursor, 1)
    const start = slug === undefined ? 0 : scopes.findIndex((scope) => scope.district === slug)
    if (start < 0) throw new Refusal('REQUEST_INVALID', 'The cursor belongs to another list.')
    const items: RunDocument[] = []
    for (const [at, scope] of scopes.slice(start).entries()) {
      const missing = limit - items.length
      const page = { dataType, beforeId: at === 0 ? beforeId : undefined, limit: missing + 1 }
      const rows = await withDistrict(db, scope.districtId, (trx) => listRuns(trx, page))
      items.push(...rows.slice(0, missing).map((row) => toRunDocument(row, scope.district)))
      const last = items.at(-1)
      if (rows.length > missing && last !== undefined) {
        return context.json({ items, nextCursor: encodeCursor([last.district, last.runId]) }, 200)
      }
    }
    return context.json({ items, nextCursor: null }, 200)
  })

  api.openapi(show, async (context) => {
    const { id } = context.req.valid('param')
    const { districtId, district } = await enterRun(context, id, 'view')
    const waitMs = context.req.valid('query').wait * 1000
    const row = await waitForRest(context.get('parts').db, { districtId, runId: id, waitMs }, context.req.raw.signal)
    return context.json(await buildRunDocument(context, row, district), 200)
  })
}

/**
 * Asks the database often at first, because most imports change nothing and end within a second, and less and less
 * often as the wait grows.
 */
async function waitForRest(
  db: Kysely<Database>,
  wanted: { readonly districtId: string; readonly runId: string; readonly waitMs: number },
  signal: AbortSignal,
): Promise<RunRow> {
  const startedAt = performance.now()
  for (;;) {
    const row = await withDistrict(db, wanted.districtId, (trx) => findRun(trx, wanted.runId))
    if (row === undefined) throw new Refusal('NOT_FOUND', 'There is no run of this id.')
    const waitedMs = performance.now() - startedAt
    if (isAtRest(row.state) || waitedMs >= wanted.waitMs || signal.aborted) return row
    const pauseMs = waitedMs < 1500 ? 50 : waitedMs < 5000 ? 150 : 500
    await sleep(Math.min(pauseMs, wanted.waitMs - waitedMs), undefined, { signal }).catch(() => undefined)
  }
}
