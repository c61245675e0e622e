import type { District } from '../../api/contract/district.ts'
import { formatInstant } from '../../domain/format-instant.ts'
import type { ApiClient } from './api-client.ts'

/** Shows a time as clocks of that district do; nothing for none. */
export type DistrictClocks = (district: string, at: string | null) => string

/** Asks once for the time zones of all districts. Only for people: documents keep UTC. */
export async function readDistrictClocks(api: ApiClient): Promise<DistrictClocks> {
  const zones = new Map<string, string>()
  for await (const page of api.pages<District>('/api/districts')) {
    for (const { slug, timeZone } of page) zones.set(slug, timeZone)
  }
  return (district, at) => (at === null ? '' : formatInstant(at, zones.get(district) ?? 'UTC'))
}
