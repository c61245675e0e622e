import { randomUUID } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { insertAuditEntry } from '../../db/access/audit.ts'
import {
  deleteWebhook,
  expireWebhookSecrets,
  findWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhook,
  type WebhookRow,
} from '../../db/notify/webhooks.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { NewWebhook, SecretRotation, Webhook, WebhookChange, WebhookWithSecret } from '../contract/notification.ts'
import { Refusal } from '../failures.ts'
import { enterDistrict, type Scope } from '../access/scope.ts'
import { checkWebhookUrl, noteOnUrl, sealWebhookUrl, showWebhookUrl } from '../notify/webhook-address.ts'
import { addWebhookSecret } from '../notify/webhook-secrets.ts'

const all = '/api/districts/{slug}/webhooks'
const one = `${all}/{id}` as const
const ofDistrict = z.object({ slug: z.string() })
const ofWebhook = ofDistrict.extend({ id: z.uuid() })
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
})

const add = createRoute({
  method: 'post',
  path: all,
  summary: 'Add a webhook; the answer shows its secret, once',
  request: { params: ofDistrict, body: body(NewWebhook) },
  responses: { 201: jsonAnswer('The new webhook', WebhookWithSecret), default: problemAnswer },
})

const list = createRoute({
  method: 'get',
  path: all,
  summary: 'Webhooks of a district, oldest first, without their secrets',
  request: { params: ofDistrict },
  responses: { 200: jsonAnswer('All of them', z.object({ items: z.array(Webhook) })), default: problemAnswer },
})

const change = createRoute({
  method: 'patch',
  path: one,
  summary: 'Change, enable or disable a webhook',
  request: { params: ofWebhook, body: body(WebhookChange) },
  responses: { 200: jsonAnswer('What holds now', Webhook), default: problemAnswer },
})

const remove = createRoute({
  method: 'delete',
  path: one,
  summary: 'Remove a webhook with its secrets and deliveries',
  request: { params: ofWebhook },
  responses: { 204: { description: 'It is gone' }, default: problemAnswer },
})

const rotate = createRoute({
  method: 'post',
  path: `${one}/rotate`,
  summary: 'Give a webhook a new secret; for a while both sign',
  request: { params: ofWebhook, body: body(SecretRotation) },
  responses: { 200: jsonAnswer('The webhook and its new secret', WebhookWithSecret), default: problemAnswer },
})

export function addWebhookRoutes(api: Api): void {
  api.openapi(add, async (context) => {
    const scope = await enterDistrict(context, context.req.valid('param').slug, 'configure')
    const { url, name = new URL(url).hostname, kinds, secret } = context.req.valid('json')
    const { secrets, allowsPrivateWebhooks = false } = context.get('parts')
    checkWebhookUrl(url, allowsPrivateWebhooks)
    const { districtId } = scope
    const id = randomUUID()
    const answer = await inDistrict(context, scope, async (trx) => {
      const address = sealWebhookUrl(secrets, id, url)
      const webhook = await insertWebhook(trx, { id, districtId, name, kinds, ...address })
      const chosen = await addWebhookSecret(trx, secrets, { districtId, webhookId: webhook.id, secret })
      await audit(context, trx, scope, 'addWebhook', webhook.id, { after: settingsOf(webhook) })
      return { ...toDocument(webhook, scope.district), ...noteOnUrl(url), secret: chosen }
    })
    return context.json(answer, 201)
  })

  api.openapi(list, async (context) => {
    const scope = await enterDistrict(context, context.req.valid('param').slug, 'view')
    const rows = await inDistrict(context, scope, (trx) => listWebhooks(trx, scope.districtId))
    return context.json({ items: rows.map((row) => toDocument(row, scope.district)) }, 200)
  })

  api.openapi(change, async (context) => {
    const { slug, id } = context.req.valid('param')
    const scope = await enterDistrict(context, slug, 'configure')
    const { url, name, kinds, isEnabled } = context.req.valid('json')
    const { secrets, allowsPrivateWebhooks = false } = context.get('parts')
    checkWebhookUrl(url, allowsPrivateWebhooks)
    const changed = await inDistrict(context, scope, async (trx) => {
      const before = getThere(await findWebhook(trx, id))
      const after = getThere(
        await updateWebhook(trx, id, {
          ...(url === undefined ? {} : { address: sealWebhookUrl(secrets, id, url) }),
          ...(name === undefined ? {} : { name }),
          ...(kinds === undefined ? {} : { kinds }),
          ...(isEnabled === undefined ? {} : { isEnabled }),
        }),
      )
      await audit(context, trx, scope, 'changeWebhook', id, { before: settingsOf(before), after: settingsOf(after) })
      return after
    })
    return context.json({ ...toDocument(changed, scope.district), ...noteOnUrl(url) }, 200)
  })

  api.openapi(remove, async (context) => {
    const { slug, id } = context.req.valid('param')
    const scope = await enterDistrict(context, slug, 'configure')
    await inDistrict(context, scope, async (trx) => {
      await audit(context, trx, scope, 'removeWebhook', id)
      if (!(await deleteWebhook(trx, id))) throw notThere()
    })
    return context.body(null, 204)
  })

  api.openapi(rotate, async (context) => {
    const { slug, id } = context.req.valid('param')
    const scope = await enterDistrict(context, slug, 'configure')
    const { secret, overlapHours } = context.req.valid('json')
    const { districtId, district } = scope
    const answer = await inDistrict(context, scope, async (trx) => {
      const webhook = getThere(await findWebhook(trx, id))
      await expireWebhookSecrets(trx, id, new Date(Date.now() + overlapHours * 3_600_000))
      const chosen = await addWebhookSecret(trx, context.get('parts').secrets, { districtId, webhookId: id, secret })
      await audit(context, trx, scope, 'rotateWebhookSecret', id)
      return { ...toDocument(webhook, district), secret: chosen }
    })
    return context.json(answer, 200)
  })
}

function inDistrict<Result>(
  context: Context<AppEnvironment>,
  { districtId }: Scope,
  fn: (trx: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  return withDistrict(context.get('parts').db, districtId, fn)
}

function audit(
  context: Context<AppEnvironment>,
  trx: Transaction<Database>,
  { districtId }: Scope,
  action: string,
  webhookId: string,
  change: { readonly before?: unknown; readonly after?: unknown } = {},
): Promise<void> {
  const actor = context.get('caller').name
  return insertAuditEntry(trx, { districtId, actor, action, subject: { webhookId }, ...change })
}

/** Without the address, of which only the beginning is no secret. */
function settingsOf({ name, kinds, isEnabled, urlShown }: WebhookRow) {
  return { name, kinds, isEnabled, url: urlShown }
}

function getThere(webhook: WebhookRow | undefined): WebhookRow {
  if (webhook === undefined) throw notThere()
  return webhook
}

function notThere(): Refusal {
  return new Refusal('NOT_FOUND', 'There is no webhook of this id in the district.')
}

function toDocument(row: WebhookRow, district: string): Webhook {
  const { id, name, kinds, isEnabled, disabledReason, failingSince, createdAt } = row
  const times = { failingSince: failingSince?.toISOString() ?? null, createdAt: createdAt.toISOString() }
  // Of an earlier release, if it is not sealed yet.
  const url = row.urlShown ?? (row.url === null ? '' : showWebhookUrl(row.url))
  return { id, district, name, url, kinds, isEnabled, disabledReason, ...times }
}
