import type { FiringOutcome } from '../domain/schedule/firing-outcome.ts'
import type { ImportSetRef, RunRef } from './interface.ts'

/**
 * The contract between workflows and the steps around runs: fetching, schedules, the watchdog. Everything here enters
 * a history: ids, counts and times.
 */
export type ScheduleRef = {
  readonly districtId: string
  readonly district: string
  readonly connectionId: string
  /** `all` for every data type of the connection. */
  readonly dataType: string
}

/** `notDue`: Temporal asked at a time that is not the day's start; `gone`: there is no such schedule any more. */
export type FiringDecision = {
  readonly outcome: FiringOutcome | 'notDue' | 'gone'
  readonly runId: string | null
  /** Of a schedule for all data types: the import set that was started, or that was in the way. */
  readonly setId?: string
}

export type ConnectionRef = { readonly districtId: string; readonly connectionId: string }

/** Why not is written on the connection: it may name a file or a server. */
export type TestedConnection = { readonly isConnected: boolean }

export type WatchRequest = { readonly district?: string }

export type WatchReport = {
  readonly restarted: number
  readonly closed: number
  readonly opened: number
  readonly cleared: number
  readonly openAlarms: number
}

export type PurgeRequest = { readonly district?: string }

/** `runs`: whose logs were removed; `rows`: of these logs; `inputs`: archived files. */
export type PurgeReport = {
  readonly runs: number
  readonly rows: number
  readonly inputs: number
  /** Cases whose values went, and lines about schedules; not told by workers of earlier releases. */
  readonly cases?: number
  readonly scheduleLines?: number
}

/** `waitMs`: nothing was fetched yet, because the package may still be being written; to be asked again after that. */
export type FetchedInput = { readonly waitMs: number }

export interface ScheduleActivities {
  /**
   * Brings a run's input from the connection's source into the archive; keeps one that it has. Gives something only
   * where it is to be called again. Earlier releases waited by themselves.
   */
  fetchInput(run: RunRef): Promise<FetchedInput | undefined>
  /** The same for an import set, whose runs share what is fetched; nothing where each reads pages of its own. */
  fetchSetInput(set: ImportSetRef): Promise<FetchedInput | undefined>
  /** Decides, once, what comes of a time at which a schedule was due, and starts the run or the import set if one is to begin. */
  decideFiring(request: ScheduleRef & { readonly dueAt: string }): Promise<FiringDecision>
  /** Tries a connection for real, and writes down on it what came of that. */
  testConnection(connection: ConnectionRef): Promise<TestedConnection>
  /** One look at all districts, or the named one: repairs what can be repaired, opens and closes alarms. */
  watchDistricts(request: WatchRequest): Promise<WatchReport>
  /** Removes logs and inputs, of all districts or the named one, that are older than they are kept. */
  purgeLogs(request: PurgeRequest): Promise<PurgeReport>
}
