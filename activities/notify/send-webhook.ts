import { withDistrict } from '../../db/database.ts'
import {
  disableWebhook,
  findWebhook,
  listWebhookSecrets,
  updateWebhookHealth,
  type WebhookRow,
} from '../../db/notify/webhooks.ts'
import { signWebhook } from '../../platform/webhook-signature.ts'
import type { WebhookAnswer } from '../../platform/webhook-sender.ts'
import type { NotificationActivities } from '../interface.ts'
import { attemptDelivery, type AttemptOutcome } from './attempt-delivery.ts'
import { buildWebhookBody } from './build-webhook-body.ts'
import { insertWebhookDisabled } from './insert-webhook-disabled.ts'
import type { NotificationDependencies } from './notification-dependencies.ts'

/** The receiver says that nobody is there any more (Standard Webhooks). */
const goneStatus = 410

/** One post. The id in its headers stays the same over attempts and rounds: a receiver can tell a copy. */
export function createSendWebhook(dependencies: NotificationDependencies): NotificationActivities['sendWebhook'] {
  const { db, now, openSecret, publicUrl } = dependencies
  return (ref) =>
    attemptDelivery(dependencies, ref, async ({ delivery, event, district, beforeContent }) => {
      const { districtId } = ref
      const webhookId = delivery.webhookId ?? ''
      const { webhook, sealed } = await withDistrict(db, districtId, async (trx) => ({
        webhook: await findWebhook(trx, webhookId),
        sealed: await listWebhookSecrets(trx, webhookId),
      }))
      if (webhook?.isEnabled !== true) return { state: 'gaveUp', code: 'WEBHOOK_DISABLED', isInDoubt: false }
      const secrets = sealed.map(({ id, keyId, secretSealed }) => openSecret({ keyId, sealed: secretSealed }, id))
      const url = openAddress(webhook, openSecret)
      const body = buildWebhookBody(event, district, publicUrl)
      const headers = {
        'content-type': 'application/json',
        ...signWebhook({ id: delivery.id, body, sentAt: now() }, secrets),
      }
      await beforeContent()
      const answer = await dependencies.sendWebhook({ url, headers, body })
      const outcome = toOutcome(answer)
      await withDistrict(db, districtId, async (trx) => {
        await updateWebhookHealth(trx, webhookId, outcome.state === 'sent')
        if (answer.kind !== 'answered' || answer.status !== goneStatus) return
        const isDisabled = await disableWebhook(trx, webhookId, {
          reason: 'the receiver answered that it is gone (410)',
        })
        if (isDisabled) await insertWebhookDisabled(trx, { ...delivery, lastCode: outcome.code }, webhookId)
      })
      return outcome
    })
}

function openAddress(
  { id, url, urlSealed, urlKeyId }: WebhookRow,
  openSecret: NotificationDependencies['openSecret'],
): string {
  if (urlSealed !== null && urlKeyId !== null) return openSecret({ keyId: urlKeyId, sealed: urlSealed }, `${id}/url`)
  // Of an earlier release: the API seals it when it starts.
  return url ?? ''
}

function toOutcome(answer: WebhookAnswer): AttemptOutcome {
  if (answer.kind === 'failed') {
    // A connection that broke may have delivered; the id in the headers is for that.
    const isUnsent = ['ADDRESS_PRIVATE', 'URL_UNSAFE', 'HTTP_ECONNREFUSED', 'HTTP_ENOTFOUND'].includes(answer.code)
    return { state: 'pending', code: answer.code, isInDoubt: !isUnsent }
  }
  const { status, retryAfterMs } = answer
  const code = `HTTP_${status}`
  if (status >= 200 && status < 300) return { state: 'sent', code, isInDoubt: false }
  if (status === goneStatus) return { state: 'gaveUp', code, isInDoubt: false }
  return { state: 'pending', code, isInDoubt: false, retryAfterMs }
}
