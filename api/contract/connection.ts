import { z } from '@hono/zod-openapi'
import { freeText } from './free-text.ts'

export const NewConnection = z
  .strictObject({
    /** Id of a connector of the registry, `oneroster-csv`. */
    connector: z.string().min(1).max(64),
    /** Checked by the connector's own schema, then sealed; no answer of the API repeats it. */
    settings: z.record(z.string(), z.unknown()).default({}),
    name: freeText(200).min(1).optional(),
  })
  .openapi('NewConnection')
export type NewConnection = z.input<typeof NewConnection>

export const ChangeConnection = z
  .strictObject({
    /** All of them: sealed settings cannot be read to be changed in part. The mapping stays. */
    settings: z.record(z.string(), z.unknown()).optional(),
    name: freeText(200).min(1).optional(),
  })
  .refine(({ settings, name }) => settings !== undefined || name !== undefined, 'write settings, a name, or both')
  .openapi('ChangeConnection', { minProperties: 1 })

export const Connection = z
  .object({
    id: z.uuid(),
    district: z.string(),
    connector: z.string(),
    name: z.string(),
    status: z.enum(['notConfigured', 'connected', 'failed']),
    statusReason: z.string().nullable(),
    checkedAt: z.string().nullable(),
    createdAt: z.string(),
    /** True where packages are uploaded, because the settings name no source to fetch from. */
    takesUploads: z.boolean(),
    /** Data types that this connection imports; one connection of a district is enabled for each. */
    enabledFor: z.array(z.string()),
    /** When the last import of it that is no test was asked for. */
    lastImportAt: z.string().nullable(),
  })
  .openapi('Connection')
export type Connection = z.infer<typeof Connection>
