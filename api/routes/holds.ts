import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { isAtRest } from '../../domain/import-run.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import type { Right } from '../contract/rights.ts'
import { CancelRun, HoldDecision, MessageReceipt } from '../contract/run.ts'
import { Refusal } from '../failures.ts'
import { MessageRefused, type Delivery } from '../import/run-workflows.ts'
import { enterRun } from '../access/scope.ts'

const decide = createRoute({
  method: 'post',
  path: '/api/runs/{id}/hold',
  summary: 'Approve or discard what a hold keeps back',
  request: {
    params: z.object({ id: z.uuid() }),
    body: { required: true, content: { 'application/json': { schema: HoldDecision } } },
  },
  responses: { 202: jsonAnswer('The decision was delivered', MessageReceipt), default: problemAnswer },
})

const cancel = createRoute({
  method: 'post',
  path: '/api/runs/{id}/cancel',
  summary: 'Cancel a run; a batch in hand is ended first',
  request: {
    params: z.object({ id: z.uuid() }),
    body: { required: true, content: { 'application/json': { schema: CancelRun } } },
  },
  responses: { 202: jsonAnswer('The wish was delivered', MessageReceipt), default: problemAnswer },
})

export function addHoldRoutes(api: Api): void {
  api.openapi(decide, async (context) => {
    const run = await getEnteredRun(context, context.req.valid('param').id, 'approveHold')
    if (run.state !== 'held') throw new Refusal('CONFLICT', `The run is not held; its state is "${run.state}".`)
    const message = { decision: context.req.valid('json').decision, by: context.get('caller').name }
    const delivery = await deliver(() => context.get('parts').workflows.decideHold(run.workflowId, message))
    context.get('auditNote').subject = { decision: message.decision }
    return context.json(toReceipt(run.id, delivery, 'goes on'), 202)
  })

  api.openapi(cancel, async (context) => {
    const run = await getEnteredRun(context, context.req.valid('param').id, 'run')
    if (isAtRest(run.state) && run.state !== 'held') {
      throw new Refusal('CONFLICT', `The run is over; its state is "${run.state}".`)
    }
    const { reason } = context.req.valid('json')
    const message = { by: context.get('caller').name, reason: reason === '' ? 'no reason given' : reason }
    const delivery = await deliver(() => context.get('parts').workflows.cancelRun(run.workflowId, message))
    context.get('auditNote').subject = { reason: message.reason }
    return context.json(toReceipt(run.id, delivery, 'ends'), 202)
  })
}

async function getEnteredRun(context: Context<AppEnvironment>, id: string, right: Right): Promise<RunRow> {
  const { districtId } = await enterRun(context, id, right)
  const run = await withDistrict(context.get('parts').db, districtId, (trx) => findRun(trx, id))
  if (run === undefined) throw new Refusal('NOT_FOUND', 'There is no run of this id.')
  return run
}

async function deliver(send: () => Promise<Delivery>): Promise<Delivery> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof MessageRefused) throw new Refusal('CONFLICT', `The run does not take this: ${error.message}.`)
    throw error
  }
}

function toReceipt(runId: string, delivery: Delivery, next: 'goes on' | 'ends'): MessageReceipt {
  const message =
    delivery === 'answered'
      ? `The run has taken it and ${next}.`
      : 'No worker answered; the message is kept and is taken when a worker is back.'
  return { runId, delivery, message }
}
