import type { FiringRow } from '../../db/schedule/schedule-firings.ts'
import type { ScheduleRow } from '../../db/schedule/schedules.ts'
import { deriveNextDue } from '../../domain/schedule/derive-schedule-spec.ts'
import { firingOutcomes } from '../../domain/schedule/firing-outcome.ts'
import type { SharedImports } from '../../domain/schedule/share-imports.ts'
import { deriveLateAfterMs, hourMs } from '../../domain/schedule/schedule-settings.ts'
import type { Firing, Schedule } from '../contract/schedule.ts'

type Place = { readonly slug: string; readonly timeZone: string }

export function toScheduleDocument(
  row: ScheduleRow,
  { slug, timeZone }: Place,
  imports: SharedImports,
  waitsFor: readonly string[],
): Schedule {
  const { settings } = row
  const { schools, blackouts, additionsOnly } = imports
  return {
    connection: row.connectionId,
    district: slug,
    dataType: row.dataType,
    everyHours: settings.everyHours,
    at: settings.at ?? null,
    timeZone,
    spreadMinutes: settings.spreadMinutes,
    catchUpMinutes: settings.catchUpMinutes,
    lateAfterHours: deriveLateAfterMs(settings) / hourMs,
    isPaused: row.isPaused,
    pausedBy: row.pausedBy,
    schools,
    blackouts,
    additionsOnly,
    nextDueAt: describeNextDue(row, timeZone),
    waitsFor: [...waitsFor],
    isInForce: row.revision === row.pushedRevision,
  }
}

/** Of the document of a schedule what people set: the rest changes with the clock and with what others import. */
export function pickEditable(schedule: Schedule): Partial<Schedule> {
  const { everyHours, at, spreadMinutes, catchUpMinutes, lateAfterHours, isPaused } = schedule
  const { schools, blackouts, additionsOnly } = schedule
  return { everyHours, at, spreadMinutes, catchUpMinutes, lateAfterHours, isPaused, schools, blackouts, additionsOnly }
}

/** ISO 8601; null while the schedule is paused. */
export function describeNextDue({ settings, connectionId, isPaused }: ScheduleRow, timeZone: string): string | null {
  if (isPaused) return null
  return new Date(deriveNextDue({ settings, timeZone, seed: connectionId }, Date.now())).toISOString()
}

export function toFiringDocument({
  id,
  dueAt,
  decidedAt,
  outcome,
  runId,
  setId,
  code,
  count,
  waitsFor,
}: FiringRow): Firing {
  return {
    ...{ id, outcome, runId, setId, code, count },
    outcomeText: firingOutcomes[outcome],
    waitsFor: [...waitsFor],
    dueAt: dueAt?.toISOString() ?? null,
    decidedAt: decidedAt.toISOString(),
  }
}
