import { z } from '@hono/zod-openapi'
import { alarmKinds, type AlarmFacts, type AlarmKind } from '../../domain/schedule/alarm.ts'
import { Firing } from './schedule.ts'

const kinds = Object.keys(alarmKinds) as [AlarmKind, ...AlarmKind[]] // the keys of the table

/** Something that asks for a person, for as long as its cause lasts. */
export const Alarm = z
  .object({
    id: z.uuid(),
    kind: z.enum(kinds),
    text: z.string(),
    dataType: z.string(),
    runId: z.uuid().nullable(),
    openedAt: z.string(),
    facts: z.custom<AlarmFacts>().openapi({ type: 'object' }),
  })
  .openapi('Alarm')
export type Alarm = z.infer<typeof Alarm>

export const Feed = z
  .object({
    dataType: z.string(),
    isPaused: z.boolean(),
    nextDueAt: z.string().nullable(),
    /** When a run last brought the records in step, or found that they are. */
    lastGoodEndAt: z.string().nullable(),
    /** When the source last had something new. */
    lastDataAt: z.string().nullable(),
    /** When it will be, or was, late. */
    lateAt: z.string(),
    isLate: z.boolean(),
    /** Data types of which an import has to be completed before this one starts by itself. */
    waitsFor: z.array(z.string()),
    /** The newest first. */
    recentFirings: z.array(Firing),
  })
  .openapi('Feed')
export type Feed = z.infer<typeof Feed>

export const ConnectionHealth = z
  .object({
    connection: z.uuid(),
    district: z.string(),
    /** False when the connection failed last, the newest input was refused, a feed is late or an alarm is open. */
    isHealthy: z.boolean(),
    status: z.enum(['notConfigured', 'connected', 'failed']),
    statusReason: z.string().nullable(),
    checkedAt: z.string().nullable(),
    alarms: z.array(Alarm),
    /** Data types of whose newest input nothing could be used, such as for a mapped column that it lacks. */
    refusedInputs: z.array(z.object({ dataType: z.string(), runId: z.uuid(), reason: z.string() })),
    feeds: z.array(Feed),
  })
  .openapi('ConnectionHealth')
export type ConnectionHealth = z.infer<typeof ConnectionHealth>
