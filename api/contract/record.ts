import { z } from '@hono/zod-openapi'
import { historyActions } from '../../domain/plan/plan-action.ts'

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
