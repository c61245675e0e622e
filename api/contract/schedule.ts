import { z } from '@hono/zod-openapi'
import { DateRange } from '../../domain/schedule/date-ranges.ts'
import { firingOutcomes, type FiringOutcome } from '../../domain/schedule/firing-outcome.ts'
import { hasItsTime, scheduleShape, timeRule } from '../../domain/schedule/schedule-settings.ts'

const Ranges = z.array(DateRange).max(100)
const Schools = z.union([z.literal('all'), z.array(z.uuid()).min(1).max(10_000)])

/** What is left out of the last three stays as it is; they belong to the import configuration. */
export const PutSchedule = z
  .strictObject({
    ...scheduleShape,
    schools: Schools.optional(),
    blackouts: Ranges.optional(),
    additionsOnly: Ranges.optional(),
  })
  .refine(hasItsTime, timeRule)
  .openapi('PutSchedule')
export type PutSchedule = z.input<typeof PutSchedule>

export const Schedule = z
  .object({
    connection: z.uuid(),
    district: z.string(),
    /** `all` for every data type of the connection. */
    dataType: z.string(),
    everyHours: z.int(),
    at: z.string().nullable(),
    timeZone: z.string(),
    spreadMinutes: z.int(),
    catchUpMinutes: z.int(),
    lateAfterHours: z.int(),
    isPaused: z.boolean(),
    pausedBy: z.string().nullable(),
    /** Of all data types what their import settings have in common; null where they differ. */
    schools: Schools.nullable(),
    blackouts: Ranges,
    additionsOnly: Ranges,
    /** Without what spreads it; null while it is paused. */
    nextDueAt: z.string().nullable(),
    /** Data types of which an import has to be completed first: until then no start begins a run. */
    waitsFor: z.array(z.string()),
    /** False until Temporal has heard of the schedule in this form. */
    isInForce: z.boolean(),
  })
  .openapi('Schedule')
export type Schedule = z.infer<typeof Schedule>

const outcomes = Object.keys(firingOutcomes) as [FiringOutcome, ...FiringOutcome[]] // the keys of the table

/** What came of a time at which a schedule was due. */
export const Firing = z
  .object({
    id: z.uuid(),
    dueAt: z.string().nullable(),
    decidedAt: z.string(),
    outcome: z.enum(outcomes),
    outcomeText: z.string(),
    runId: z.uuid().nullable(),
    /** Of a schedule for all data types: the import set that was started. Where one was in the way: that. */
    setId: z.uuid().nullable(),
    code: z.string().nullable(),
    count: z.int(),
    /** Of `notReady`: the data types of which no import was ever completed. */
    waitsFor: z.array(z.string()),
  })
  .openapi('Firing')
export type Firing = z.infer<typeof Firing>
