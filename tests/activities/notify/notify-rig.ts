import { randomUUID } from 'node:crypto'
import { createNotificationActivities } from '../../../activities/notify/create-notification-activities.ts'
import type { DeliveryStart, NotificationDependencies } from '../../../activities/notify/notification-dependencies.ts'
import type { NotificationActivities } from '../../../activities/interface.ts'
import { insertWebhook, insertWebhookSecret } from '../../../db/notify/webhooks.ts'
import { createLog } from '../../../platform/log.ts'
import { createSmtpMailer } from '../../../platform/smtp-mailer.ts'
import { createWebhookSender } from '../../../platform/webhook-sender.ts'
import { makeWebhookSecret } from '../../../platform/webhook-signature.ts'
import { makeTestSecrets } from '../../harness/secrets.ts'
import { useEventRig, type Outbox } from '../../db/notify/event-rig.ts'
import { createEnvironment } from '../import-rig.ts'

const { box, sealer } = makeTestSecrets()

/** The steps of notifications on a real database and a real SMTP server; Temporal's part is a list. */
export function useNotifyRig() {
  const events = useEventRig()
  return {
    giveDistrict: events.giveDistrict,
    make: (smtpUrl: string, changed: Partial<NotificationDependencies> = {}) => {
      const started: DeliveryStart[] = []
      const activities = createNotificationActivities({
        db: events.db,
        log: createLog({ process: 'test', level: 'silent' }),
        now: () => new Date(),
        startDelivery: async (start) => void started.push(start),
        mailer: createSmtpMailer({ url: smtpUrl }),
        mailFrom: 'rollbook@lincoln.example',
        sendWebhook: createWebhookSender({ allowsPrivate: true, timeLimitMs: 60_000 }),
        openSecret: (sealed, context) => box.open(sealed, context),
        publicUrl: 'https://rollbook.lincoln.example/',
        leaseMs: 200,
        disableAfterMs: 1000,
        keepDays: 30,
        ...changed,
      })
      const step = <Name extends keyof NotificationActivities>(
        name: Name,
        ...args: Parameters<NotificationActivities[Name]>
      ): Promise<void> => createEnvironment().run(activities[name] as never, ...(args as never[]))
      return { started, step }
    },
    /** A webhook of the district and its secret. */
    giveWebhook: async (outbox: Outbox, url: string) => {
      const secret = makeWebhookSecret()
      const { districtId } = outbox
      const id = await outbox.in(async (trx) => {
        const id = randomUUID()
        const address = sealer.seal(url, `${id}/url`)
        const sealedAddress = { urlSealed: address.sealed, urlKeyId: address.keyId, urlShown: 'shown' }
        const webhook = await insertWebhook(trx, { id, districtId, name: 'test', kinds: null, ...sealedAddress })
        const secretId = randomUUID()
        const { sealed, keyId } = sealer.seal(secret, secretId)
        const row = { id: secretId, districtId, webhookId: webhook.id, secretSealed: sealed, keyId }
        await insertWebhookSecret(trx, row)
        return webhook.id
      })
      return { id, secret }
    },
    addSecret: async (outbox: Outbox, webhookId: string) => {
      const secret = makeWebhookSecret()
      const id = randomUUID()
      const { sealed, keyId } = sealer.seal(secret, id)
      const { districtId } = outbox
      await outbox.in((trx) => insertWebhookSecret(trx, { id, districtId, webhookId, secretSealed: sealed, keyId }))
      return secret
    },
  }
}

/** One row of deliveries with what a test asks about. */
export function readDeliveries(outbox: Outbox) {
  return outbox.in((trx) =>
    trx
      .selectFrom('deliveries')
      .select(['id', 'state', 'attempts', 'isInDoubt', 'lastCode', 'recipient', 'webhookId', 'startedAt'])
      .orderBy('id')
      .execute(),
  )
}
