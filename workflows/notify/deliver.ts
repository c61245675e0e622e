import { ActivityFailure, isCancellation } from '@temporalio/workflow'
import type { DeliveryRef } from '../../activities/interface.ts'
import { announceEvents } from './announce-events.ts'
import {
  closingSteps,
  deliverySteps,
  mailTimings,
  webhookTimings,
  type DeliveryTimings,
} from './notification-options.ts'

export type DeliveryInput = DeliveryRef & { readonly timings?: Partial<DeliveryTimings> }

/** Delivers one mail to one recipient. Ids only; the words are made where it is sent. */
export async function deliverMail({ timings, ...delivery }: DeliveryInput): Promise<void> {
  await deliver(delivery, () => deliverySteps({ ...mailTimings, ...timings }).sendMail(delivery))
}

/** Delivers one event to one webhook, over days if it must be. */
export async function deliverWebhook({ timings, ...delivery }: DeliveryInput): Promise<void> {
  await deliver(delivery, () => deliverySteps({ ...webhookTimings, ...timings }).sendWebhook(delivery))
}

async function deliver(delivery: DeliveryRef, send: () => Promise<void>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error
    await closingSteps().giveUpDelivery(delivery)
    // That nobody was told is an event too.
    await announceEvents(delivery.districtId)
  }
}
