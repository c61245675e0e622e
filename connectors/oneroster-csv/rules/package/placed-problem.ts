import type { Finding, Profile } from '../../../../domain/import-rules/finding.ts'
import { lesserProblem, problem, severityOf } from '../../../../domain/import-rules/rule.ts'
import type { Problem, RuleEntry } from '../../../../domain/import-rules/rule.ts'

/** A problem of a package or its manifest, with its place where it has one. */
export type PlacedProblem = Problem & {
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly column?: string | undefined
}

export type Place = { readonly file?: string; readonly line?: number; readonly column?: string }

export function problemAt(place: Place, message: string): PlacedProblem {
  return { ...problem(message), ...place }
}

export function lesserProblemAt(place: Place, message: string): PlacedProblem {
  return { ...lesserProblem(message), ...place }
}

/** The findings of a rule's problems under a profile; none when that profile does not ask for the rule. */
export function buildFindings(rule: RuleEntry, problems: readonly PlacedProblem[], profile: Profile): Finding[] {
  return problems.flatMap(({ message, isLesser, ...place }) => {
    const severity = severityOf(rule, profile, isLesser)
    return severity === undefined ? [] : [{ rule: rule.id, severity, ...place, message }]
  })
}
