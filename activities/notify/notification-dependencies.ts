import type { Kysely } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { DeliveryChannel } from '../../db/tables/notifications.ts'
import type { Log } from '../../platform/log.ts'
import type { Mailer } from '../../platform/mailer.ts'
import type { Sealed } from '../../platform/secret-sealer.ts'
import type { WebhookSender } from '../../platform/webhook-sender.ts'
import type { DeliveryRef } from '../interface.ts'

export type DeliveryStart = DeliveryRef & {
  readonly channel: DeliveryChannel
  readonly workflowId: string
  /** The district's slug, so that many deliveries of one do not hold up those of others. */
  readonly district: string
}

/** What the steps of notifications work with; the worker's process makes it once. */
export type NotificationDependencies = {
  readonly db: Kysely<Database>
  readonly log: Log
  readonly now: () => Date
  /** Starts the workflow of a delivery; one that is there already is left alone. */
  readonly startDelivery: (start: DeliveryStart) => Promise<void>
  /** Undefined: this installation sends no mails. */
  readonly mailer: Mailer | undefined
  /** The sender's address. */
  readonly mailFrom: string
  readonly sendWebhook: WebhookSender
  readonly openSecret: (sealed: Sealed, context: string) => string
  /** Where operators reach this installation, for links. */
  readonly publicUrl: string | undefined
  /** How long a claimed delivery is left alone; longer than an attempt can take. */
  readonly leaseMs: number
  /** For so long a webhook may accept nothing before it is disabled. */
  readonly disableAfterMs: number
  /** How long events and their deliveries are kept. */
  readonly keepDays: number
}
