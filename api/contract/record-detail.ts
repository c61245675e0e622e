import { z } from '@hono/zod-openapi'
import { RosterRecord } from './record.ts'

const Origin = z
  .object({
    owner: z.enum(['person', 'connection']).nullable().openapi({
      description:
        'Who says what the field is from now on: a person until it is given back, else the connection that is mapped to it',
    }),
    ownerConnectionId: z.uuid().nullable(),
    runId: z
      .uuid()
      .nullable()
      .openapi({ description: 'The run that wrote the value; null where it was a person, or nobody' }),
    connectionId: z.uuid().nullable().openapi({ description: 'The connection of that run' }),
    by: z.string().nullable().openapi({ description: 'The person who wrote the value' }),
    at: z.string().nullable(),
  })
  .openapi('FieldOrigin')

/** A record with where each of its values came from. Its version is its ETag. */
export const RecordDetail = RosterRecord.extend({
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  keptFields: z
    .array(z.string())
    .openapi({ description: 'What a person wrote, and no import changes until it is given back' }),
  origins: z
    .record(z.string(), Origin)
    .openapi({ description: 'By field; custom fields as `customFields.<name>`, and `status`' }),
  aliases: z
    .array(z.object({ field: z.string(), value: z.string() }))
    .openapi({ description: 'Ids of records that were merged into this one' }),
}).openapi('RecordDetail')
export type RecordDetail = z.infer<typeof RecordDetail>

const EditedValue = z.union([z.string().max(20_000), z.number(), z.null(), z.array(z.string().max(2000)).max(200)])

/** What a person changes in a record. */
export const RecordChange = z
  .object({
    fields: z.record(z.string().max(100), EditedValue).default({}).openapi({
      description: 'By field its new value; null or a blank text makes it blank. A reference as lists show it.',
    }),
    customFields: z.record(z.string().max(200), z.string().max(20_000).nullable()).default({}),
    giveBack: z.array(z.string().max(210)).max(200).default([]).openapi({
      description: 'Fields that the source decides again from the next import on; until then the value stays',
    }),
  })
  .strict()
  .openapi('RecordChange')
export type RecordChange = z.output<typeof RecordChange>
