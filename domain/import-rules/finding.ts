/**
 * What a finding does, the worst first: `block` stops the run and nothing is applied, `error` drops the
 * record, `warning` drops or repairs a value and the record goes on, `info` is for the reader only.
 */
export const severities = ['block', 'error', 'warning', 'info'] as const
export type Severity = (typeof severities)[number]

/** Sorts the worst first. */
export function bySeverity(one: Severity, other: Severity): number {
  return severities.indexOf(one) - severities.indexOf(other)
}

export type FindingCounts = Readonly<Record<Severity, number>>

export const noFindings: FindingCounts = { block: 0, error: 0, warning: 0, info: 0 }

/** `strict` agrees with the 1EdTech conformance set; `default` takes what real senders send. */
export type Profile = 'strict' | 'default'

/** What a rule asks for, when one severity holds for one profile and another for the other. */
export type SeverityByProfile = Readonly<Record<Profile, Severity | undefined>>

/**
 * Something wrong with a record, a file or a package. A value, never an exception.
 *
 * `message` says what is wrong and what to do, and holds no value of a person's field.
 * `line` is the physical line in the file, the header being line 1; absent when the finding is about the whole file.
 */
export type Finding = {
  readonly rule: string
  readonly severity: Severity
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly column?: string | undefined
  readonly sourcedId?: string | undefined
  readonly message: string
}

/** Where findings go as they arise. Never throws for volume: the receiver decides what it keeps. */
export type FindingSink = (finding: Finding) => void
