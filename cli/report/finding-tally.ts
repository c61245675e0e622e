import { bySeverity, noFindings, type Finding, type Severity } from '../../domain/import-rules/finding.ts'

/** How many findings of a rule are shown. */
export const examplesPerRule = 3

export type RuleCount = { readonly severity: Severity; readonly count: number }

/** Counts every finding by rule and keeps the first ones: a million bad rows must not fill the memory. */
export class FindingTally {
  readonly kept: Finding[] = []
  /** The first findings of each rule, whatever else was kept. */
  readonly examples = new Map<string, Finding[]>()
  readonly #limit: number
  readonly #counts = new Map<string, { severity: Severity; count: number }>()
  readonly #bySeverity: Record<Severity, number> = { ...noFindings }

  constructor(limit: number) {
    this.#limit = limit
  }

  readonly add = (finding: Finding): void => {
    this.#bySeverity[finding.severity]++
    if (this.kept.length < this.#limit) this.kept.push(finding)
    const known = this.#counts.get(finding.rule)
    if (known === undefined) {
      this.#counts.set(finding.rule, { severity: finding.severity, count: 1 })
      this.examples.set(finding.rule, [finding])
      return
    }
    known.count++
    if (bySeverity(finding.severity, known.severity) < 0) known.severity = finding.severity
    const examples = this.examples.get(finding.rule) ?? []
    if (examples.length < examplesPerRule) examples.push(finding)
  }

  countOf(severity: Severity): number {
    return this.#bySeverity[severity]
  }

  /** Rule → how often and, where a rule has several severities, the worst that was met; worst first, then by id. */
  byRule(): Readonly<Record<string, RuleCount>> {
    const sorted = [...this.#counts].sort(
      ([idA, a], [idB, b]) => bySeverity(a.severity, b.severity) || (idA < idB ? -1 : 1),
    )
    return Object.fromEntries(sorted.map(([rule, { severity, count }]) => [rule, { severity, count }]))
  }
}
