import type { DistrictRow } from '../../db/access/districts.ts'
import type { EventRow } from '../../db/notify/events.ts'
import { deriveRunUrl } from './describe-event.ts'

/** What a webhook posts (docs/reference/events.md): the same text in every attempt. */
export function buildWebhookBody(event: EventRow, district: DistrictRow, publicUrl: string | undefined): string {
  const { id, kind, dataType, runId, connectionId, facts, occurredAt, isRepeat, endedCount } = event
  return JSON.stringify({
    type: kind,
    timestamp: occurredAt.toISOString(),
    data: {
      eventId: id,
      district: district.slug,
      dataType,
      runId,
      connection: connectionId,
      url: runId === null ? null : (deriveRunUrl(publicUrl, runId) ?? null),
      isRepeat,
      endedCount,
      facts,
    },
  })
}
