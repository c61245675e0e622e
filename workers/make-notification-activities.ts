import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client'
import type { Kysely } from 'kysely'
import type { NotificationActivities } from '../activities/interface.ts'
import { createNotificationActivities } from '../activities/notify/create-notification-activities.ts'
import type { DeliveryStart } from '../activities/notify/notification-dependencies.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { createFolderMailer } from '../platform/folder-mailer.ts'
import type { Log } from '../platform/log.ts'
import type { Mailer } from '../platform/mailer.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import { createSmtpMailer } from '../platform/smtp-mailer.ts'
import { createWebhookSender } from '../platform/webhook-sender.ts'

export type NotificationConfig = Config<
  | 'ROLLBOOK_MAIL_DIR'
  | 'ROLLBOOK_SMTP_URL'
  | 'ROLLBOOK_MAIL_FROM'
  | 'ROLLBOOK_PUBLIC_URL'
  | 'ROLLBOOK_WEBHOOK_ALLOW_PRIVATE'
  | 'ROLLBOOK_SWEEP_INTERVAL_MS'
  | 'ROLLBOOK_TASK_QUEUE'
>

type Parts = {
  readonly db: Kysely<Database>
  readonly log: Log
  readonly now: () => Date
  readonly client: Client
  readonly secretBox: SecretBox
}

/** An attempt ends within 45 s (platform/smtp-mailer.ts), and what came of it is written down within 28 s. */
const leaseMs = 90_000
const disableAfterMs = 5 * 24 * 60 * 60 * 1000
const keepDays = 30

/** The steps of notifications with what the settings say. */
export function makeNotificationActivities(
  config: NotificationConfig,
  { db, log, now, client, secretBox }: Parts,
): NotificationActivities {
  return createNotificationActivities({
    db,
    log,
    now,
    startDelivery: (start) => startDelivery(client, config.ROLLBOOK_TASK_QUEUE, start),
    mailer: chooseMailer(config),
    mailFrom: config.ROLLBOOK_MAIL_FROM,
    sendWebhook: createWebhookSender({ allowsPrivate: config.ROLLBOOK_WEBHOOK_ALLOW_PRIVATE }),
    openSecret: (sealed, context) => secretBox.open(sealed, context),
    publicUrl: config.ROLLBOOK_PUBLIC_URL,
    leaseMs,
    disableAfterMs,
    keepDays,
  })
}

function chooseMailer({ ROLLBOOK_MAIL_DIR: folder, ROLLBOOK_SMTP_URL: url }: NotificationConfig): Mailer | undefined {
  if (folder !== undefined) return createFolderMailer(folder)
  return url === undefined ? undefined : createSmtpMailer({ url })
}

const workflowTypes = { mail: 'deliverMail', webhook: 'deliverWebhook' } as const

/** A workflow that ended well is never started again; one that somebody terminated is. */
async function startDelivery(client: Client, taskQueue: string, start: DeliveryStart): Promise<void> {
  const { districtId, deliveryId, round, channel, workflowId, district } = start
  try {
    await client.workflow.start(workflowTypes[channel], {
      taskQueue,
      workflowId,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      args: [{ districtId, deliveryId, round }],
      staticSummary: `Deliver by ${channel} for ${district}`,
      priority: { fairnessKey: district },
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
