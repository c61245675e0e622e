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
