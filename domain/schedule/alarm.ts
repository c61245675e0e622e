import type { RunState } from '../import-run.ts'

/**
 * What a watchdog finds that asks for a person and that nobody would be told of otherwise. One is open while its cause
 * lasts. docs/reference/schedules.md is compared with this table.
 */
export const alarmKinds = {
  feedLate: 'Nothing new has come for longer than the schedule allows.',
  runRetrying: 'A step of the run has failed many times and is tried again.',
  runStalled: 'The run does not get on, though nothing of it fails.',
  runHeldLong: 'The run has waited for a decision for days.',
} as const
export type AlarmKind = keyof typeof alarmKinds

/** Ids, counts, codes and times; nothing about a person. */
export type AlarmFacts = {
  /** Since when nothing new has come; null: never. */
  readonly lastSeenAt?: string | null
  readonly expectedEveryMs?: number
  /** Why nothing comes, where that is known: data types of which no import was ever completed. */
  readonly waitsFor?: readonly string[]
  /** The name of the step, how often it was tried, and the code it failed with. */
  readonly step?: string
  readonly attempts?: number
  readonly failureCode?: string
  readonly state?: RunState
}
