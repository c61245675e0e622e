import { z } from '@hono/zod-openapi'
import { PageQuery } from './paging.ts'

const Instant = z.iso.datetime({ offset: true })

export const AuditQuery = PageQuery.extend({
  action: z.string().max(64).optional(),
  actor: z.string().max(100).optional(),
  /** From this moment on. */
  from: Instant.optional(),
  /** Up to this moment, which is no more part of it. */
  to: Instant.optional(),
  format: z.enum(['json', 'csv']).optional(),
})
export type AuditQuery = z.infer<typeof AuditQuery>

export const AuditEntry = z
  .object({
    /** Place in the chain of the district, from 1. */
    seq: z.number().int(),
    id: z.uuid(),
    at: z.string(),
    actor: z.string(),
    /** Of the token; null for what no request did. */
    actorId: z.uuid().nullable(),
    action: z.string(),
    subject: z.record(z.string(), z.unknown()),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    /** Of its link, in hexadecimal digits. */
    hash: z.string(),
  })
  .openapi('AuditEntry')
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditVerification = z
  .object({
    isWhole: z.boolean(),
    count: z.number().int(),
    /** Of the last link, to be kept elsewhere; null while there is none. */
    head: z.string().nullable(),
    /** The first link that is broken. */
    broken: z
      .object({ problem: z.string(), message: z.string(), seq: z.number().int(), entryId: z.uuid().nullable() })
      .nullable(),
  })
  .openapi('AuditVerification')
export type AuditVerification = z.infer<typeof AuditVerification>
