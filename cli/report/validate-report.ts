import type { FileCount } from '../../connectors/oneroster-csv/check/check-package.ts'
import type { Finding, Profile } from '../../domain/import-rules/finding.ts'
import { printFindingsOfRule } from './finding-groups.ts'
import type { FindingTally, RuleCount } from './finding-tally.ts'
import { formatCount, printLine, printTable } from '../print.ts'

export type Verdict = 'accepted' | 'acceptedWithWarnings' | 'refused'

/** The document of `validate --json` (contract.md). */
export type ValidateReport = {
  readonly package: string
  readonly profile: Profile
  readonly version: '1.1' | '1.2' | null
  readonly verdict: Verdict
  /** Why it is refused, where no finding of severity `block` says so. */
  readonly reason?: string
  readonly files: Readonly<Record<string, FileCount>>
  readonly findings: readonly Finding[]
  readonly byRule: Readonly<Record<string, RuleCount>>
}

const verdicts: Readonly<Record<Verdict, string>> = {
  accepted: 'ACCEPTED',
  acceptedWithWarnings: 'ACCEPTED WITH WARNINGS',
  refused: 'REFUSED',
}

/** Prints the report for people: the verdict, the files, and the findings by rule with the first of each. */
export async function printReport(report: ValidateReport, tally: FindingTally): Promise<void> {
  const { version } = report
  const format = version === null ? 'OneRoster, version unknown' : `OneRoster ${version}`
  await printLine(`${report.package}: ${format}, ${report.profile} profile`)
  const { reason = report.verdict === 'refused' ? 'a finding of severity block' : '' } = report
  await printLine(`${verdicts[report.verdict]}${reason === '' ? '' : `: ${reason}`}`)
  const files = Object.entries(report.files)
  if (files.length > 0) {
    await printLine('')
    await printTable(
      ['File', 'Mode', 'Rows', 'Accepted', 'Rejected'],
      files.map(([name, { mode, rows, accepted, rejected }]) => {
        return [`${name}.csv`, mode, formatCount(rows), formatCount(accepted), formatCount(rejected)]
      }),
    )
  }
  for (const [rule, counted] of Object.entries(report.byRule)) {
    await printFindingsOfRule(rule, counted, tally.examples.get(rule) ?? [])
  }
}
