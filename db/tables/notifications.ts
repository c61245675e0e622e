import type { Generated } from 'kysely'
import type { EventFacts } from '../../domain/events/event-facts.ts'
import type { EventKind } from '../../domain/events/event-kinds.ts'
import type { JsonWithDefault } from './json.ts'

export type Events = {
  id: Generated<string>
  districtId: string
  kind: EventKind
  onceKey: string
  dataType: string | null
  runId: string | null
  connectionId: string | null
  facts: JsonWithDefault<EventFacts>
  occurredAt: Generated<Date>
  routedAt: Date | null
  topic: string
  symptom: string | null
  isRepeat: Generated<boolean>
  endedCount: Generated<number>
}

export type NotificationSettings = {
  districtId: string
  dataType: string
  recipients: Generated<string[]>
  reminderDays: Generated<number[]>
}

export type Webhooks = {
  id: Generated<string>
  districtId: string
  name: string
  /** Of an earlier release, until the API has sealed it. */
  url: string | null
  urlSealed: Buffer | null
  urlKeyId: string | null
  urlShown: string | null
  kinds: string[] | null
  isEnabled: Generated<boolean>
  disabledReason: string | null
  failingSince: Date | null
  createdAt: Generated<Date>
}

export type WebhookSecrets = {
  id: Generated<string>
  districtId: string
  webhookId: string
  secretSealed: Buffer
  keyId: string
  createdAt: Generated<Date>
  expiresAt: Date | null
}

export type DeliveryChannel = 'mail' | 'webhook'
export type DeliveryState = 'pending' | 'claimed' | 'sending' | 'sent' | 'gaveUp'

export type Deliveries = {
  id: Generated<string>
  districtId: string
  eventId: string
  channel: DeliveryChannel
  recipient: string | null
  webhookId: string | null
  state: Generated<DeliveryState>
  round: Generated<number>
  startedAt: Date | null
  claimedUntil: Date | null
  attempts: Generated<number>
  isInDoubt: Generated<boolean>
  lastCode: string | null
  createdAt: Generated<Date>
  endedAt: Date | null
}

export type DeliveryAttempts = {
  districtId: string
  deliveryId: string
  attemptNo: number
  at: Generated<Date>
  tookMs: number
  code: string
}
