import { z } from '@hono/zod-openapi'
import { severities } from '../../domain/import-rules/finding.ts'

export const SeverityName = z.enum(severities)

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
