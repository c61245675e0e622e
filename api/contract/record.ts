import { z } from '@hono/zod-openapi'

/** One record with its fields under the names of the data type; a school is printed as its source key. */
export const RosterRecord = z
  .object({
    recordId: z.uuid(),
    status: z.enum(['active', 'inactive']),
    fields: z.record(z.string(), z.unknown()),
    customFields: z.record(z.string(), z.unknown()),
  })
  .openapi('Record')
export type RosterRecord = z.infer<typeof RosterRecord>
