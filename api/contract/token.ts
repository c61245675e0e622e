import { z } from '@hono/zod-openapi'
import { DistrictSlug } from '../../domain/ids.ts'
import { freeText } from './free-text.ts'
import { Right } from './rights.ts'

/** How long a token is good for when nobody said. */
export const defaultTokenDays = 365

const shape = {
  name: freeText(100).min(1),
  rights: z.array(Right).min(1).max(20),
  /** The one district it is good for; null: all districts. */
  district: DistrictSlug.nullable(),
  /** Ids of schools of the district, whose rows alone it sees; null: the whole district. */
  schools: z.array(z.uuid()).min(1).max(1000).nullable(),
}

export const NewToken = z
  .strictObject({
    ...shape,
    schools: shape.schools.default(null),
    /** In the future; null: never. Without it, a year from now. */
    expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
  })
  .openapi('NewToken')
export type NewToken = z.input<typeof NewToken>

export const Token = z
  .object({
    id: z.uuid(),
    name: z.string(),
    rights: z.array(z.string()),
    district: z.string().nullable(),
    schools: z.array(z.uuid()).nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
    createdBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    /** To the minute. */
    lastUsedAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
    revokedBy: z.string().nullable(),
  })
  .openapi('Token')
export type Token = z.infer<typeof Token>

/** The one answer that has the token itself. */
export const CreatedToken = Token.extend({ token: z.string() }).openapi('CreatedToken')
export type CreatedToken = z.infer<typeof CreatedToken>
