import { z } from '@hono/zod-openapi'

const partNames = ['database', 'migrations', 'temporal', 'workers'] as const

export const ReadinessPart = z
  .object({
    name: z.enum(partNames),
    state: z.enum(['ok', 'failing', 'unknown']),
    /** What was seen, and what to do about it; null when all is well. */
    detail: z.string().nullable(),
  })
  .openapi('ReadinessPart')
export type ReadinessPart = z.infer<typeof ReadinessPart>

/**
 * `ready`: everything works. `degraded`: requests are answered, but imports wait, because no worker takes them.
 * `notReady`, with HTTP status 503: requests that need the failing part are refused.
 */
export const Readiness = z
  .object({ status: z.enum(['ready', 'degraded', 'notReady']), version: z.string(), parts: z.array(ReadinessPart) })
  .openapi('Readiness')
export type Readiness = z.infer<typeof Readiness>

export const Liveness = z.object({ status: z.literal('alive'), version: z.string() }).openapi('Liveness')
