import type { RuleEntry } from '../rule.ts'
import type { SeverityByProfile } from '../finding.ts'

/**
 * Rules on what a package would change (docs/reference/rules.md). They need the records we hold, so that only an
 * import run can look. Those without a severity hold the run for a person instead of telling a finding.
 */
export const changeSafetyRules: readonly RuleEntry[] = [
  rule('D-01', 'A bulk file is not header-only and loses no large share of the active records'),
  rule('D-02', 'No large share of users changes sourcedId while email or identifier stay'),
  rule('D-03', 'No large share of enrollments or classes moves to another school'),
  rule('D-04', 'No large share of the rows of a file is rejected'),
  rule('D-05', 'A delta is not older than the last one applied', 'warning'),
  rule('D-06', 'A delta withdraws only records that are known', 'info'),
  rule('D-07', 'A delta follows a bulk file', 'block'),
  rule('D-08', 'Mode and version are those of the last package'),
]

function rule(id: string, title: string, severity?: SeverityByProfile['default']): RuleEntry {
  return { id, title, severity: { strict: severity, default: severity }, appliesTo: 'run' }
}
