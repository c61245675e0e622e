import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { findRun, type RunRow } from '../../db/queries/runs.ts'
import { findUndoObstacle, findUndoOf } from '../../db/undo/find-undo-obstacle.ts'
import { previewUndo } from '../../db/undo/preview-undo.ts'
import { countUndoTotals, listUndoSkips } from '../../db/undo/undo-totals.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers.ts'
import type { Right } from '../contract/rights.ts'
import { UndoDocument, UndoReceipt, UndoRun } from '../contract/undo.ts'
import { Refusal } from '../failures.ts'
import { MessageRefused } from '../run-workflows.ts'
import { enterRun, type Scope } from '../scope.ts'

/** More would be a document nobody reads; `skippedCount` tells how many there are. */
const maxSkipped = 10_000
const previewWorkMem = '64MB'
const params = z.object({ id: z.uuid() })

const request = createRoute({
  method: 'post',
  path: '/api/runs/{id}/undo',
  summary: 'Take a run back, field by field; the undo is a run of its own. Asked twice, it is the same one',
  request: { params, body: { required: true, content: { 'application/json': { schema: UndoRun } } } },
  responses: { 202: jsonAnswer('The wish was delivered', UndoReceipt), default: problemAnswer },
})

const show = createRoute({
  method: 'get',
  path: '/api/runs/{id}/undo',
  summary: 'What the undo of a run did, or has done so far',
  request: { params },
  responses: { 200: jsonAnswer('The undo', UndoDocument), default: problemAnswer },
})

const preview = createRoute({
  method: 'get',
  path: '/api/runs/{id}/undo/preview',
  summary: 'What an undo of the run would do now; changes nothing',
  request: { params },
  responses: { 200: jsonAnswer('What it would do', UndoDocument), default: problemAnswer },
})

export function addUndoRoutes(api: Api): void {
  api.openapi(request, async (context) => {
    const { id } = context.req.valid('param')
    const { run, scope } = await getEnteredRun(context, id, 'undo')
    const { db, workflows } = context.get('parts')
    const { districtId, district } = scope
    await withDistrict(db, districtId, async (trx) => {
      // One that is under way, or was stopped, is asked for again at the workflow.
      const undo = await findUndoOf(trx, id)
      const isOpen = undo !== undefined && (undo.state === 'applying' || undo.state === 'cancelled')
      if (!isOpen) await refuseWhenImpossible(trx, run)
    })
    const { dataType, undoUntil } = run
    if (undoUntil === null) throw new Refusal('UNDO_REFUSED', 'It changed no record.')
    const { reason } = context.req.valid('json')
    const message = { by: context.get('caller').name, reason: reason === '' ? 'no reason given' : reason }
    try {
      const window = { districtId, runId: id, district, dataType, undoUntil: undoUntil.toISOString() }
      const { delivery, undoRunId } = await workflows.requestUndo(window, message)
      return context.json({ runId: id, undoRunId, delivery, message: receiptWords[delivery] }, 202)
    } catch (error) {
      if (error instanceof MessageRefused) throw new Refusal('UNDO_REFUSED', toSentence(error.message))
      throw error
    }
  })

  api.openapi(show, async (context) => {
    const { id } = context.req.valid('param')
    const { scope } = await getEnteredRun(context, id, 'view')
    const document = await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      const undo = await findUndoOf(trx, id)
      const target = await findRun(trx, id)
      if (undo === undefined || target === undefined) throw new Refusal('NOT_FOUND', 'Nobody has undone this run.')
      const skipped = await listUndoSkips(trx, { runId: undo.id, limit: maxSkipped })
      return {
        runId: undo.id,
        undoOf: id,
        state: stateOf(undo, target),
        ...(await countUndoTotals(trx, undo.id)),
        skipped,
      }
    })
    return context.json(document, 200)
  })

  api.openapi(preview, async (context) => {
    const { id } = context.req.valid('param')
    const { run, scope } = await getEnteredRun(context, id, 'view')
    const found = await withDistrict(
      context.get('parts').db,
      scope.districtId,
      async (trx) => {
        await refuseWhenImpossible(trx, run)
        return previewUndo(trx, getDataType(run.dataType), { run, limit: maxSkipped })
      },
      { workMem: previewWorkMem },
    )
    const { skipped, ...totals } = found
    return context.json({ runId: null, undoOf: id, state: 'preview' as const, ...totals, skipped: [...skipped] }, 200)
  })
}

const receiptWords = {
  answered: 'The undo is under way.',
  sent: 'No worker answered; the wish is kept and is judged when a worker is back.',
} as const

async function getEnteredRun(
  context: Context<AppEnvironment>,
  id: string,
  right: Right,
): Promise<{ run: RunRow; scope: Scope }> {
  const scope = await enterRun(context, id, right)
  const run = await withDistrict(context.get('parts').db, scope.districtId, (trx) => findRun(trx, id))
  if (run === undefined) throw new Refusal('NOT_FOUND', 'There is no run of this id.')
  return { run, scope }
}

async function refuseWhenImpossible(trx: Parameters<typeof findUndoObstacle>[0], run: RunRow): Promise<void> {
  const obstacle = await findUndoObstacle(trx, run, { now: new Date() })
  if (obstacle !== undefined) throw new Refusal('UNDO_REFUSED', toSentence(obstacle))
}

function toSentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`
}

function stateOf(undo: RunRow, target: RunRow): UndoDocument['state'] {
  if (undo.state === 'cancelled') return 'stopped'
  return target.state === 'undone' || target.state === 'partlyUndone' ? target.state : 'undoing'
}
