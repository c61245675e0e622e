import { z } from '@hono/zod-openapi'
import { freeText } from './free-text.ts'
import { DistrictSlug } from '../../domain/ids.ts'

export const NewDistrict = z
  .strictObject({
    slug: DistrictSlug,
    name: freeText(200).min(1),
    /** IANA name; decides when a school day begins. */
    timeZone: z.string().min(1).max(64).default('UTC'),
  })
  .openapi('NewDistrict')
export type NewDistrict = z.input<typeof NewDistrict>

export const District = z
  .object({ id: z.uuid(), slug: z.string(), name: z.string(), timeZone: z.string(), createdAt: z.string() })
  .openapi('District')
export type District = z.infer<typeof District>
