import { z } from '@hono/zod-openapi'
import { freeText } from './free-text.ts'

export const NewUpload = z
  .object({
    bytes: z.int().min(0).describe('Length of the whole package'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .optional()
      .describe('SHA-256 of the whole package as hexadecimal text; without it nothing is compared at the end'),
    fileName: freeText(255)
      .default('upload.zip')
      .describe('For people: what the package is called in the log of a run'),
  })
  .openapi('NewUpload')

/** A package that comes in pieces. */
export const Upload = z
  .object({
    uploadId: z.uuid(),
    district: z.string(),
    fileName: z.string(),
    bytes: z.int().describe('Length of the whole package'),
    offset: z.int().describe('So many bytes are kept: go on here'),
    complete: z.boolean().describe('Every byte came and the SHA-256 was right: an import can be started from it'),
    sha256: z.string().nullable().describe('Of the whole; null until it is complete'),
    expiresAt: z.string().describe('When it is removed if nobody goes on with it'),
  })
  .openapi('Upload')
export type Upload = z.infer<typeof Upload>
