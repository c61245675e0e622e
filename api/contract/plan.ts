import { z } from '@hono/zod-openapi'
import { planActions } from '../../domain/plan/plan-action.ts'

/** One row of a run's plan: what it does to one record. */
export const PlanRow = z
  .object({
    seq: z.int(),
    action: z.enum(planActions),
    recordId: z.uuid().nullable(),
    /** The first id of the record, or of the row where none is held. */
    sisId: z.string().nullable(),
    /** Only with the right `viewValues`. */
    name: z.string().nullable(),
    /** Source key of the record's school. */
    school: z.string().nullable(),
    schoolName: z.string().nullable(),
    /** Line of the package the row comes from; null where a record is absent from it. */
    line: z.int().nullable(),
    /** Why a row is skipped, or an absent record made inactive. */
    reason: z.string().nullable(),
    /** Names of the fields that change. */
    fields: z.array(z.string()),
    /** Old and new value of each; null without the right `viewValues`. */
    changes: z
      .record(z.string(), z.object({ old: z.unknown(), new: z.unknown() }))
      .nullable()
      .openapi({ type: 'object' }),
  })
  .openapi('PlanRow')
export type PlanRow = z.infer<typeof PlanRow>

/** What a plan does, by action, school and field. */
export const PlanSummary = z
  .object({
    runId: z.uuid(),
    items: z.array(
      z.object({
        action: z.enum(planActions),
        school: z.string().nullable(),
        schoolName: z.string().nullable(),
        count: z.int(),
        fields: z
          .record(z.string(), z.int())
          .openapi({ description: 'By field how many of these rows change it; of updates and reactivations' }),
      }),
    ),
  })
  .openapi('PlanSummary')
