import type { RunCounts, RunState } from '../import-run.ts'
import type { FindingCounts, Severity } from '../import-rules/finding.ts'
import type { MetLimit } from '../plan/met-limit.ts'

/**
 * What goes with an event: ids, counts, codes and times, nothing about a person and no text that somebody typed. It is
 * stored, sent in webhooks as it is, and made into the words of a mail. Each kind uses what it has.
 */
export type EventFacts = {
  readonly state?: RunState
  readonly counts?: RunCounts
  readonly findings?: FindingCounts
  /** By rule id, the worst and most frequent first; at most `maxRules`. */
  readonly rules?: readonly { readonly rule: string; readonly severity: Severity; readonly count: number }[]
  /** Which safety limits a held plan meets; at most `maxLimits`. */
  readonly limits?: readonly MetLimit[]
  readonly alerts?: readonly AlertFacts[]
  /** A code of docs/reference/failures.md. */
  readonly failureCode?: string
  /** ISO 8601. */
  readonly undoUntil?: string | null
  /** Undo: the run that took back, the run that was taken back, and how many fields and records that was. A schedule: `skipped` starts. */
  readonly undoOf?: string
  readonly reverted?: number
  readonly madeInactive?: number
  readonly skipped?: number
  /** A late feed: since when nothing came (ISO 8601, null: never), and how often something should. */
  readonly lastSeenAt?: string | null
  readonly expectedEveryMs?: number
  /** Why it is late, where that is known: data types that have to be imported first. */
  readonly waitsFor?: readonly string[]
  /** A run that does not get on: the step that keeps failing, and how often it has. */
  readonly step?: string
  readonly attempts?: number
  /** A reminder: the oldest open alert is this old. */
  readonly openDays?: number
  readonly webhookId?: string
  readonly deliveryId?: string
}

export type AlertFacts = {
  readonly kind: string
  /** Of `notImported` the rule. */
  readonly field: string | null
  readonly count: number
  /** Of `notImported`: how many are nobody we hold, and how many we hold. */
  readonly new?: number
  readonly held?: number
}

/** A mail is read, not searched: the rest is in the log of the run. */
export const maxRules = 20
export const maxLimits = 20
