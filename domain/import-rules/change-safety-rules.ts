import type { RuleEntry } from './rule.ts'
import type { SeverityByProfile } from './finding.ts'

/**
 * Rules on what a package would change (docs/reference/rules.md). They need the records we hold, so that only an
 * import run can look. Those without a severity hold the run for a person instead of telling a finding.
 */
export const changeSafetyRules: readonly RuleEntry[] = [
  rule('D-01', 'A bulk file is header-only or loses a large share of the active records'),
  rule('D-02', 'A large share of users changes sourcedId while email or identifier stay'),
  rule('D-03', 'A large share of enrollments or classes moves to another school'),
  rule('D-04', 'A large share of the rows of a file is rejected'),
  rule('D-05', 'A delta is older than the last one applied', 'warning'),
  rule('D-06', 'A delta withdraws records that are not known', 'info'),
  rule('D-07', 'A delta follows no bulk file', 'block'),
  rule('D-08', 'Mode or version is not that of the last package'),
]

function rule(id: string, title: string, severity?: SeverityByProfile['default']): RuleEntry {
  return { id, title, severity: { strict: severity, default: severity }, appliesTo: 'run' }
}
