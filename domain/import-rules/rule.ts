import type { Profile, Severity, SeverityByProfile } from './finding.ts'

/**
 * What is known of a rule besides its function (docs/reference/rules.md): the registry lists these, and
 * docs/reference/rules.md says the same in a table.
 */
export type RuleEntry = {
  /** `F-06`. Stable; messages may improve. */
  readonly id: string
  /** What is wrong where it tells of something: "value is neither true nor false". A person reads it above findings. */
  readonly title: string
  /** What it asks for; `undefined` for a profile that does not ask. Where it depends on the case, the worst. */
  readonly severity: SeverityByProfile
  /** What it asks for in the lesser case that its function tells apart ("other case only"), where there is one. */
  readonly lesserSeverity?: SeverityByProfile
  readonly appliesTo: RuleScope
}

/**
 * What one look of the rule sees, and so what is counted: a finding for each bad cell, each bad row, each bad header,
 * each bad file. `run` marks rules that need what is held or an earlier package: the import run looks, `validate`
 * cannot.
 */
export type RuleScope = 'package' | 'manifest' | 'header' | 'file' | 'row' | 'cell' | 'run'

/** A rule and its function; every family says what its functions are given. */
export type Rule<Check> = RuleEntry & { readonly check: Check }

/** What a rule found. The engine adds place and severity, so that neither is written into rules. */
export type Problem = {
  /** What is wrong and what to do; no value of a person's field. */
  readonly message: string
  /** True in the case for which the rule declares its `lesserSeverity`. */
  readonly isLesser: boolean
}

/** The severity of a rule under a profile; `undefined` when that profile does not ask. */
export function severityOf(rule: RuleEntry, profile: Profile, isLesser = false): Severity | undefined {
  const severity = isLesser && rule.lesserSeverity !== undefined ? rule.lesserSeverity : rule.severity
  return severity[profile]
}

export function problem(message: string): Problem {
  return { message, isLesser: false }
}

export function lesserProblem(message: string): Problem {
  return { message, isLesser: true }
}

/** The rules of a family in the order of their ids, which is that of docs/reference/rules.md. */
export function listById(family: readonly RuleEntry[]): RuleEntry[] {
  return [...family].sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0))
}
