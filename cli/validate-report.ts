import type { FileCount } from '../connectors/oneroster-csv/check-package.ts'
import type { Finding, Profile } from '../domain/import-rules/finding.ts'
import { importRules } from '../domain/import-rules/registry.ts'
import type { FindingTally, RuleCount } from './finding-tally.ts'
import { formatCount, printLine, printTable } from './print.ts'

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
  for (const [rule, { severity, count }] of Object.entries(report.byRule)) {
    const title = importRules.find(({ id }) => id === rule)?.title ?? ''
    await printLine('')
    await printLine(`${rule}  ${severity}  ${formatCount(count)} ×  ${title}`)
    const examples = tally.examples.get(rule) ?? []
    for (const finding of examples) await printLine(`    ${describePlace(finding)}${finding.message}`)
    if (count > examples.length) await printLine(`    … and ${formatCount(count - examples.length)} more`)
  }
}

/** `users.csv line 7 (student-9), email: ` */
function describePlace({ file, line, column, sourcedId }: Finding): string {
  if (file === undefined) return ''
  const parts = [file]
  if (line !== undefined) parts.push(`line ${line}`)
  if (sourcedId !== undefined) parts.push(`(${sourcedId})`)
  return `${parts.join(' ')}${column === undefined ? '' : `, ${column}`}: `
}
