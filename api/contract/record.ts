import { z } from '@hono/zod-openapi'
import { historyActions } from '../../domain/plan/plan-action.ts'
import { PageQuery } from './paging.ts'

/** One record with its fields under the names of the data type; a school is printed as its source key. */
export const RosterRecord = z
  .object({
    recordId: z.uuid(),
    status: z.enum(['active', 'inactive']),
    fields: z.record(z.string(), z.unknown()),
    customFields: z.record(z.string(), z.unknown()),
  })
  .openapi('Record')
export type RosterRecord = z.infer<typeof RosterRecord>

/** As pages, or all at once as one stream. */
export const exportForms = ['json', 'csv', 'jsonl'] as const

const FilterValue = z.union([z.string().max(600), z.number(), z.null()])

/** What is looked for among the records of a data type; everything that is given must hold. */
export const RecordSearch = PageQuery.extend({
  search: z.string().max(200).optional().openapi({
    description:
      'The beginning of an id, of an e-mail address or of a name, whatever the accents and the case; of a person also both names in either order',
  }),
  filter: z
    .record(z.string().max(100), z.union([FilterValue, z.array(FilterValue).min(1).max(100)]))
    .optional()
    .openapi({
      description:
        'By field the value, or several of which one must hold; null or a blank text is blank. A school or another record is given as lists show it.',
    }),
  status: z.enum(['active', 'inactive', 'all']).default('active'),
  sort: z.string().max(100).optional().openapi({
    description:
      'The first id of the data type (`sisId` of people), or `name` where records have one; a minus before it turns it round',
  }),
  format: z.enum(exportForms).optional(),
})
  .strict()
  .openapi('RecordSearch')

/** What became of one record, the oldest first. */
export const RecordHistory = z
  .object({
    recordId: z.uuid(),
    items: z.array(
      z.object({
        at: z.string(),
        action: z.enum(historyActions),
        /** The run that did it; null where it was a person. */
        runId: z.uuid().nullable(),
        /** The run that it took back by this. */
        undoOf: z.uuid().nullable(),
        /** The person, or whatever else wrote to the table. */
        by: z.string().nullable(),
        fields: z.array(z.string()),
        /** Null without the right `viewValues`, and once the run can no longer be undone. */
        changes: z
          .record(z.string(), z.object({ old: z.unknown(), new: z.unknown() }))
          .nullable()
          .openapi({ type: 'object' }),
      }),
    ),
  })
  .openapi('RecordHistory')

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
