import { z } from '@hono/zod-openapi'

const PartState = z.enum(['up', 'down'])

/** `ok` when everything the API needs answers; otherwise `degraded`, with HTTP status 503. */
export const Health = z
  .object({
    status: z.enum(['ok', 'degraded']),
    version: z.string(),
    database: PartState,
    temporal: PartState,
  })
  .openapi('Health')
export type Health = z.infer<typeof Health>
