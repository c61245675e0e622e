import { z } from '@hono/zod-openapi'
import { freeText } from './free-text.ts'
import { eventKindNames } from '../../domain/events/event-kinds.ts'
import type { EventFacts } from '../../domain/events/event-facts.ts'

/** Kinds are a closed list on the way in. On the way out an older event may have a kind that is no more. */
const Kind = z.enum(eventKindNames)

const Recipients = z
  .array(z.email().max(254))
  .max(100)
  .refine((all) => new Set(all.map((one) => one.toLowerCase())).size === all.length, 'an address stands here twice')

export const NewNotificationSettings = z
  .strictObject({
    recipients: Recipients,
    /** After how many days open alerts are brought to mind again. */
    reminderDays: z.array(z.int().min(1).max(365)).max(10).default([3, 10]),
  })
  .openapi('NewNotificationSettings')
export type NewNotificationSettings = z.input<typeof NewNotificationSettings>

/** Who is told by mail about one data type. */
export const NotificationSettings = z
  .object({
    district: z.string(),
    dataType: z.string(),
    recipients: z.array(z.string()),
    reminderDays: z.array(z.int()),
  })
  .openapi('NotificationSettings')
export type NotificationSettings = z.infer<typeof NotificationSettings>

export const NewWebhook = z
  .strictObject({
    url: z.url().max(2000),
    name: freeText(200).min(1).optional(),
    /** Null: every kind. */
    kinds: z.array(Kind).min(1).nullable().default(null),
    /** `whsec_…`; without one it is made here. */
    secret: z.string().optional(),
  })
  .openapi('NewWebhook')
export type NewWebhook = z.input<typeof NewWebhook>

export const WebhookChange = z
  .strictObject({
    url: z.url().max(2000).optional(),
    name: freeText(200).min(1).optional(),
    kinds: z.array(Kind).min(1).nullable().optional(),
    isEnabled: z.boolean().optional(),
  })
  .openapi('WebhookChange')

export const SecretRotation = z
  .strictObject({
    secret: z.string().optional(),
    /** So long both secrets sign. */
    overlapHours: z.number().min(0).max(720).default(24),
  })
  .openapi('SecretRotation')

export const Webhook = z
  .object({
    id: z.uuid(),
    district: z.string(),
    name: z.string(),
    /** Without what may be a token: the query, and the path from where it is no word. */
    url: z.string(),
    kinds: z.array(z.string()).nullable(),
    isEnabled: z.boolean(),
    disabledReason: z.string().nullable(),
    /** Since when nothing was accepted; null while all is well. */
    failingSince: z.string().nullable(),
    createdAt: z.string(),
    /** Where an address was just taken that other servers refuse: why this one takes it. */
    note: z.string().optional(),
  })
  .openapi('Webhook')
export type Webhook = z.infer<typeof Webhook>

/** The one answer that shows a secret. */
export const WebhookWithSecret = Webhook.extend({ secret: z.string() }).openapi('WebhookWithSecret')
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>

export const EventDocument = z
  .object({
    id: z.uuid(),
    district: z.string(),
    kind: z.string(),
    title: z.string(),
    dataType: z.string().nullable(),
    runId: z.uuid().nullable(),
    connection: z.uuid().nullable(),
    occurredAt: z.string(),
    /** The same trouble was told of before: no mail. */
    isRepeat: z.boolean(),
    facts: z.custom<EventFacts>().openapi({ type: 'object' }),
  })
  .openapi('Event')
export type EventDocument = z.infer<typeof EventDocument>

export const Delivery = z
  .object({
    id: z.uuid(),
    district: z.string(),
    eventId: z.uuid(),
    kind: z.string(),
    runId: z.uuid().nullable(),
    channel: z.enum(['mail', 'webhook']),
    recipient: z.string().nullable(),
    webhook: z.uuid().nullable(),
    state: z.enum(['pending', 'claimed', 'sending', 'sent', 'gaveUp']),
    attempts: z.int(),
    /** An attempt broke off where the other side may have taken it: there may be a copy, with the same id. */
    isInDoubt: z.boolean(),
    lastCode: z.string().nullable(),
    createdAt: z.string(),
    endedAt: z.string().nullable(),
  })
  .openapi('Delivery')
export type Delivery = z.infer<typeof Delivery>

export const DeliveryWithAttempts = Delivery.extend({
  log: z.array(z.object({ attempt: z.int(), at: z.string(), tookMs: z.int(), code: z.string() })),
}).openapi('DeliveryWithAttempts')
export type DeliveryWithAttempts = z.infer<typeof DeliveryWithAttempts>
