import type { z } from 'zod'
import type { Connector } from '../../../connectors/connector.ts'
import type { ImportSetRow, ImportSetRunRow } from '../../../db/import/import-sets.ts'
import type { RunRow } from '../../../db/import/runs.ts'
import type { FiringRow } from '../../../db/schedule/schedule-firings.ts'
import type { ImportSettings } from '../../../domain/plan/import-settings.ts'
import type { ScheduleSettings } from '../../../domain/schedule/schedule-settings.ts'

export type FeedRequest = {
  /** Without it students. */
  readonly dataType?: string
  readonly schedule?: z.input<typeof ScheduleSettings>
  readonly timeZone?: string
  readonly imports?: Partial<ImportSettings>
  /** Without it a watched folder. */
  readonly source?: unknown
  /** Instead of packages in a folder. */
  readonly connector?: Connector
  /** Of the schedule, when it should not be the beginning of the test. */
  readonly activeSince?: Date
}

/** A district with a connection that watches a folder, and its schedule; Temporal does not know of it yet. */
export type TestFeed = {
  readonly districtId: string
  readonly district: string
  readonly connectionId: string
  readonly dataType: string
  /** A further schedule of the same connection. */
  readonly another: (dataType: string) => Promise<TestFeed>
  readonly folder: string
  readonly put: (name: string, content: Buffer, minute?: number) => void
  /** Gives the schedule to Temporal, every so often or as its settings say. */
  readonly keep: (options?: {
    readonly everyMs?: number
    readonly catchUpMs?: number
    readonly isPaused?: boolean
  }) => Promise<void>
  /** Lets Temporal ask for all times between two instants as if they were now. */
  readonly backfill: (start: string, end: string) => Promise<void>
  readonly firings: () => Promise<TestFiring[]>
  readonly runs: () => Promise<RunRow[]>
  /** Import sets, the oldest first. */
  readonly sets: () => Promise<TestSet[]>
  /** Writes an import set down that has no input yet, as `run start` does; nothing works on it. */
  readonly plantSet: () => Promise<ImportSetRow>
  readonly plantRun: (
    values?: Partial<Pick<RunRow, 'state' | 'createdAt' | 'inputFileId' | 'inputSha256' | 'inputBytes'>>,
    dataType?: string,
  ) => Promise<string>
  readonly events: () => Promise<{ kind: string; runId: string | null; facts: Readonly<Record<string, unknown>> }[]>
  readonly alarms: () => Promise<{ kind: string; runId: string | null; isOpen: boolean }[]>
}

export type TestSet = ImportSetRow & { readonly runs: readonly ImportSetRunRow[] }
type TestFiring = Pick<FiringRow, 'outcome' | 'runId' | 'setId' | 'count' | 'waitsFor'> & {
  readonly dueAt: string | null
}

export type MadeFeed = Pick<TestFeed, 'districtId' | 'folder' | 'connectionId' | 'dataType'> & {
  readonly slug: string
  readonly settings: ScheduleSettings
  readonly timeZone: string
}
