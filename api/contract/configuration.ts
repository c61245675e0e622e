import { z } from '@hono/zod-openapi'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import type { ImportSettings } from '../../domain/plan/import-settings.ts'

/** The import configuration of one (connection, data type), as one versioned document. */
export const Configuration = z
  .object({
    connection: z.uuid(),
    district: z.string(),
    connector: z.string(),
    dataType: z.string(),
    mappingVersion: z.int(),
    mapping: z.custom<MappingDocument>().openapi({ type: 'object' }),
    settings: z.custom<ImportSettings>().openapi({ type: 'object' }),
    isEnabled: z.boolean(),
  })
  .openapi('Configuration')
export type Configuration = z.infer<typeof Configuration>
