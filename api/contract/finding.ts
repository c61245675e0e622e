import { z } from '@hono/zod-openapi'

export const SeverityName = z.enum(['block', 'error', 'warning', 'info'])

export const RunFinding = z
  .object({
    seq: z.int(),
    rule: z.string(),
    severity: SeverityName,
    file: z.string().nullable(),
    line: z.int().nullable(),
    column: z.string().nullable(),
    sourcedId: z.string().nullable(),
    message: z.string(),
  })
  .openapi('RunFinding')
export type RunFinding = z.infer<typeof RunFinding>
