import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { findUndoOf } from '../../db/undo/find-own-obstacle.ts'
import { findUndoObstacle } from '../../db/undo/find-undo-obstacle.ts'
import { findUndoThrough, type UndoObstacle } from '../../db/undo/find-undo-through.ts'
import { kindOf } from '../../domain/import-run.ts'
import { previewUndo } from '../../db/undo/preview-undo.ts'
import { findUndoThroughOf } from '../../db/undo/undo-through.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { Flag } from '../contract/flag.ts'
import type { Right } from '../contract/rights.ts'
import { UndoDocument, UndoReceipt, UndoRun, type UndoneRunDocument } from '../contract/undo.ts'
import { Refusal, UndoRefusal } from '../failures.ts'
import { MessageRefused } from '../import/run-workflows.ts'
import { nameSkips, toUnnamed } from '../undo/name-skips.ts'
import { mayViewValues } from '../access/grants.ts'
import { enterRun, type Scope } from '../access/scope.ts'
import { addUp, maxSkipped, readUndoneRun, type Trx } from '../undo/undo-document.ts'

const previewWorkMem = '64MB'
const params = z.object({ id: z.uuid() })
/** With everything that changed the records since. */
const query = z.object({ through: Flag })

const request = createRoute({
  method: 'post',
  path: '/api/runs/{id}/undo',
  summary:
    'Take a run back, field by field, or with everything since; each undo is a run of its own. Asked twice, it is the same',
  request: { params, body: { required: true, content: { 'application/json': { schema: UndoRun } } } },
  responses: { 202: jsonAnswer('The wish was delivered', UndoReceipt), default: problemAnswer },
})

const show = createRoute({
  method: 'get',
  path: '/api/runs/{id}/undo',
  summary: 'What the undo of a run did, or has done so far; with `through`, of the run and what came after it',
  request: { params, query },
  responses: { 200: jsonAnswer('The undo', UndoDocument), default: problemAnswer },
})

const preview = createRoute({
  method: 'get',
  path: '/api/runs/{id}/undo/preview',
  summary: 'What an undo of the run would do now, or with `through` of the run and what came after it; changes nothing',
  request: { params, query },
  responses: { 200: jsonAnswer('What it would do', UndoDocument), default: problemAnswer },
})

export function addUndoRoutes(api: Api): void {
  api.openapi(request, async (context) => {
    const { id } = context.req.valid('param')
    const { run, scope } = await getEnteredRun(context, id, 'undo')
    const { through, reason } = context.req.valid('json')
    const wish = { by: context.get('caller').name, reason: reason === '' ? 'no reason given' : reason }
    context.get('auditNote').subject = { through, reason: wish.reason }
    const ask = through ? requestUndoThrough : requestUndo
    try {
      return context.json(await ask(context, { run, scope }, wish), 202)
    } catch (error) {
      if (error instanceof MessageRefused) throw new UndoRefusal(toSentence(error.message))
      throw error
    }
  })

  api.openapi(show, async (context) => {
    const { id } = context.req.valid('param')
    const { run, scope } = await getEnteredRun(context, id, 'view')
    const { through } = context.req.valid('query')
    const document = await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      const undo = await (through ? readUndoThrough(trx, run) : readUndoneRun(trx, id))
      return undo && nameSkips(trx, undo, namingOf(context, run))
    })
    if (document === undefined) throw new Refusal('NOT_FOUND', 'Nobody has undone this run.')
    return context.json(document, 200)
  })

  api.openapi(preview, async (context) => {
    const { id } = context.req.valid('param')
    const { run, scope } = await getEnteredRun(context, id, 'view')
    const { through } = context.req.valid('query')
    const document = await withDistrict(
      context.get('parts').db,
      scope.districtId,
      async (trx) => {
        const undo = await (through ? previewThrough(trx, run) : previewOne(trx, run))
        return nameSkips(trx, undo, namingOf(context, run))
      },
      { workMem: previewWorkMem },
    )
    return context.json(document, 200)
  })
}

function namingOf(context: Context<AppEnvironment>, { dataType, districtId }: RunRow) {
  return { dataType, mayViewValues: mayViewValues(context.get('caller'), districtId) }
}

type EnteredRun = { readonly run: RunRow; readonly scope: Scope }
type Wish = { readonly by: string; readonly reason: string }

async function requestUndo(
  context: Context<AppEnvironment>,
  { run, scope }: EnteredRun,
  wish: Wish,
): Promise<UndoReceipt> {
  const { db, workflows } = context.get('parts')
  const { districtId, district } = scope
  await withDistrict(db, districtId, async (trx) => {
    // One that is under way, or was stopped, is asked for again at the workflow.
    const undo = await findUndoOf(trx, run.id)
    const isOpen = undo !== undefined && (undo.state === 'applying' || undo.state === 'cancelled')
    if (!isOpen) refuse(await findUndoObstacle(trx, run, { now: new Date() }))
  })
  const { id: runId, dataType, undoUntil } = run
  if (undoUntil === null) throw new UndoRefusal('It changed no record.')
  const window = { districtId, runId, district, dataType, undoUntil: undoUntil.toISOString() }
  const { delivery, undoRunId } = await workflows.requestUndo(window, wish)
  return { runId, undoRunId, delivery, message: receiptWords[delivery] }
}

const receiptWords = {
  answered: 'The undo is under way.',
  sent: 'No worker answered; the wish is kept and is judged when a worker is back.',
} as const

async function requestUndoThrough(
  context: Context<AppEnvironment>,
  { run, scope }: EnteredRun,
  wish: Wish,
): Promise<UndoReceipt> {
  const { db, workflows } = context.get('parts')
  const { districtId, district } = scope
  const askedAt = new Date()
  const runs = await withDistrict(db, districtId, async (trx) => {
    const plan = await findUndoThrough(trx, run, { now: askedAt })
    if ('runs' in plan) return plan.runs.map(({ id }) => id)
    // One that is under way is found again, however far it has come.
    const open = await findUndoThroughOf(trx, run.id)
    if (open?.state === 'undoing') return open.runIds
    throw toRefusal(plan.obstacle)
  })
  const { id: runId, dataType } = run
  const place = { districtId, district, dataType }
  const throughId = await workflows.startUndoThrough({
    ...{ ...place, ...wish, runId, runIds: runs, askedAt: askedAt.toISOString() },
  })
  const count = runs.length
  const message =
    count === 1
      ? 'Nothing came after the run; it is being undone.'
      : `${count} runs are being undone, the newest first.`
  return { runId, undoRunId: null, delivery: 'sent', message, throughId, runs }
}

async function readUndoThrough(trx: Trx, run: RunRow): Promise<UndoDocument | undefined> {
  const wish = await findUndoThroughOf(trx, run.id)
  if (wish === undefined) return undefined
  const runs: UndoneRunDocument[] = []
  const notUndone: string[] = []
  for (const id of wish.runIds) {
    const undone = await readUndoneRun(trx, id)
    if (undone === undefined) notUndone.push(id)
    else runs.push(undone)
  }
  const { state, stoppedReason } = wish
  const ended = runs.some((one) => one.state === 'partlyUndone') ? 'partlyUndone' : 'undone'
  const facts = { undoOf: run.id, kind: kindOf(run), state: state === 'done' ? ended : state } as const
  const reason = stoppedReason === null ? null : toSentence(stoppedReason)
  return { ...addUp(runs, facts), runs, notUndone, stoppedReason: reason, throughId: wish.id }
}

async function previewThrough(trx: Trx, run: RunRow): Promise<UndoDocument> {
  const runs: UndoneRunDocument[] = []
  for (const each of await getUndoThrough(trx, run, new Date())) {
    runs.push(
      await previewRun(
        trx,
        each,
        runs.map(({ undoOf }) => undoOf),
      ),
    )
  }
  const total = addUp(runs, { undoOf: run.id, kind: kindOf(run), state: 'preview' })
  return { ...total, runs, notUndone: runs.map(({ undoOf }) => undoOf), stoppedReason: null, throughId: null }
}

async function previewOne(trx: Trx, run: RunRow): Promise<UndoDocument> {
  refuse(await findUndoObstacle(trx, run, { now: new Date() }))
  return previewRun(trx, run, [])
}

async function previewRun(trx: Trx, run: RunRow, later: readonly string[]): Promise<UndoneRunDocument> {
  const { skipped, ...totals } = await previewUndo(trx, getDataType(run.dataType), { run, limit: maxSkipped, later })
  return { runId: null, undoOf: run.id, kind: kindOf(run), state: 'preview', ...totals, skipped: toUnnamed(skipped) }
}

/** The runs to undo, the newest first; throws the refusal when one of them cannot be. */
async function getUndoThrough(trx: Trx, run: RunRow, now: Date): Promise<readonly RunRow[]> {
  const plan = await findUndoThrough(trx, run, { now })
  if ('runs' in plan) return plan.runs
  throw toRefusal(plan.obstacle)
}

async function getEnteredRun(context: Context<AppEnvironment>, id: string, right: Right): Promise<EnteredRun> {
  const scope = await enterRun(context, id, right)
  const run = await withDistrict(context.get('parts').db, scope.districtId, (trx) => findRun(trx, id))
  if (run === undefined) throw new Refusal('NOT_FOUND', 'There is no run of this id.')
  return { run, scope }
}

function refuse(obstacle: UndoObstacle | undefined): void {
  if (obstacle !== undefined) throw toRefusal(obstacle)
}

function toRefusal({ reason, laterRuns = [] }: UndoObstacle): UndoRefusal {
  return new UndoRefusal(toSentence(reason), [...laterRuns])
}

function toSentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`
}
