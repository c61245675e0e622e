import type { Finding, FindingSink, Profile } from '../../../domain/import-rules/finding.ts'
import { buildFindings } from '../rules/package/placed-problem.ts'
import type { PlacedProblem } from '../rules/package/placed-problem.ts'
import type { Rule } from '../../../domain/import-rules/rule.ts'

/** Gives on what rules find and remembers whether any of it blocks the package. */
export class PackageReport {
  readonly #profile: Profile
  readonly #sink: FindingSink
  #hasBlock = false

  constructor(profile: Profile, sink: FindingSink) {
    this.#profile = profile
    this.#sink = sink
  }

  isBlocked(): boolean {
    return this.#hasBlock
  }

  check<Facts>(rules: readonly Rule<(facts: Facts) => PlacedProblem[]>[], facts: Facts): void {
    for (const rule of rules) this.add(buildFindings(rule, rule.check(facts), this.#profile))
  }

  add(findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (finding.severity === 'block') this.#hasBlock = true
      this.#sink(finding)
    }
  }
}
