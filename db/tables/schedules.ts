import type { Generated } from 'kysely'
import type { AlarmFacts, AlarmKind } from '../../domain/schedule/alarm.ts'
import type { FiringOutcome } from '../../domain/schedule/firing-outcome.ts'
import type { ScheduleSettings } from '../../domain/schedule/schedule-settings.ts'
import type { Json, JsonWithDefault } from './json.ts'

export type Schedules = {
  districtId: string
  connectionId: string
  dataType: string
  settings: Json<ScheduleSettings>
  isPaused: Generated<boolean>
  pausedBy: string | null
  activeSince: Generated<Date>
  isDeleted: Generated<boolean>
  revision: Generated<number>
  pushedRevision: Generated<number>
  seenOverlaps: Generated<number>
  seenMissed: Generated<number>
  createdAt: Generated<Date>
}

export type ScheduleFirings = {
  id: Generated<string>
  districtId: string
  connectionId: string
  dataType: string
  dueAt: Date | null
  decidedAt: Generated<Date>
  outcome: FiringOutcome
  runId: string | null
  code: string | null
  count: Generated<number>
  waitsFor: Generated<readonly string[]>
  setId: string | null
}

export type FetchedInputs = {
  districtId: string
  connectionId: string
  dataType: string
  name: string
  bytes: number
  modifiedAt: Date
  fileId: string
  sha256: string
  fetchedAt: Generated<Date>
}

export type Alarms = {
  id: Generated<string>
  districtId: string
  kind: AlarmKind
  connectionId: string
  dataType: string
  runId: string | null
  facts: JsonWithDefault<AlarmFacts>
  openedAt: Generated<Date>
  closedAt: Date | null
}
