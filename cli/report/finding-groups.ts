import { tableRules } from '../../connectors/csv/rules.ts'
import { importRules } from '../../connectors/oneroster-csv/rules/registry.ts'
import type { RuleCount } from './finding-tally.ts'
import { formatCount, printLine } from '../print.ts'

/** As `validate` finds it, and as the API lists those of a run, where null is what is not known. */
export type ShownFinding = {
  readonly file?: string | null | undefined
  readonly line?: number | null | undefined
  readonly column?: string | null | undefined
  readonly sourcedId?: string | null | undefined
  readonly message: string
}

/** The findings of one rule for people: what is wrong, how often, and the first of them. */
export async function printFindingsOfRule(
  rule: string,
  { severity, count }: RuleCount,
  examples: readonly ShownFinding[],
): Promise<void> {
  const title = [...importRules, ...tableRules].find(({ id }) => id === rule)?.title ?? ''
  await printLine('')
  await printLine(`${rule}  ${severity}  ${formatCount(count)} ×  ${title}`.trimEnd())
  for (const finding of examples) await printLine(`    ${describePlace(finding)}${finding.message}`)
  if (count > examples.length) await printLine(`    … and ${formatCount(count - examples.length)} more`)
}

/** `users.csv line 7 (student-9), email: ` */
function describePlace({ file, line, column, sourcedId }: ShownFinding): string {
  if (file === undefined || file === null) return ''
  const parts = [file]
  if (line !== undefined && line !== null) parts.push(`line ${line}`)
  if (sourcedId !== undefined && sourcedId !== null) parts.push(`(${sourcedId})`)
  return `${parts.join(' ')}${column === undefined || column === null ? '' : `, ${column}`}: `
}
