import { z } from '@hono/zod-openapi'
import { longestKey } from '../../domain/data-types/define-data-type.ts'
import { schoolReasons } from '../../domain/matching/suggest-schools.ts'

const OurSchool = z
  .object({
    schoolId: z.uuid(),
    sourceKey: z.string(),
    name: z.string(),
    type: z.string(),
    /** Its number, or whatever id its source gave it. */
    number: z.string(),
    isActive: z.boolean(),
    /** The school of this connection's source that has it; null where it is free. */
    takenBy: z.string().nullable(),
  })
  .openapi('OurSchool')

export const SourceSchool = z
  .object({
    /** What the source calls it. */
    sourceKey: z.string(),
    name: z.string(),
    /** `school`, `district` or another kind of org; somebody may belong to any of them. */
    type: z.string(),
    number: z.string(),
    ncesId: z.string(),
    stateId: z.string(),
    isActive: z.boolean(),
    /** Rows are imported of those that are `matched`. */
    state: z.enum(['matched', 'unmatched', 'leftOut']),
    /** Ours, where it is matched. */
    schoolId: z.uuid().nullable(),
    schoolName: z.string().nullable(),
    /** Ours that it probably is; null where it is decided, or where two are as likely. */
    suggestion: z
      .object({
        schoolId: z.uuid(),
        schoolName: z.string(),
        reason: z.enum(schoolReasons),
        /** Of the names, from 0 to 1. */
        likeness: z.number(),
      })
      .nullable(),
    /** Null where nobody did: it waits, or was matched by itself. */
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    firstSeenAt: z.string(),
    seenAt: z.string(),
    /** Since when complete inputs do not have it any more. */
    goneSince: z.string().nullable(),
  })
  .openapi('SourceSchool')
export type SourceSchool = z.infer<typeof SourceSchool>

const NewSchools = z.enum(['create', 'ask'])

export const SchoolMatching = z
  .object({
    connection: z.uuid(),
    /** What becomes of a school that the source shows for the first time: one of ours, or it waits for somebody. */
    newSchools: NewSchools,
    counts: z.object({
      matched: z.int(),
      /** Unmatched with a suggestion, and without one. */
      suggested: z.int(),
      open: z.int(),
      leftOut: z.int(),
    }),
    /** Every school that the source has shown, by name. */
    items: z.array(SourceSchool),
    /** All of ours, by name. */
    ours: z.array(OurSchool),
  })
  .openapi('SchoolMatching')
export type SchoolMatching = z.infer<typeof SchoolMatching>

const sourceKey = z.string().min(1).max(longestKey)

export const ChangeSchools = z
  .strictObject({
    newSchools: NewSchools.optional(),
    /** All of them are made, or none; two schools may exchange ours. */
    changes: z
      .array(
        z.discriminatedUnion('action', [
          z.strictObject({ action: z.literal('match'), sourceKey, schoolId: z.uuid() }),
          z.strictObject({ action: z.enum(['create', 'leaveOut', 'unmatch']), sourceKey }),
        ]),
      )
      .max(10_000)
      .default([]),
  })
  .openapi('ChangeSchools')
export type ChangeSchools = z.input<typeof ChangeSchools>
