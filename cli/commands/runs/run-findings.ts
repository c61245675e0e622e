import type { RunFinding } from '../../../api/contract/finding.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { bySeverity } from '../../../domain/import-rules/finding.ts'
import type { ApiClient } from '../../server/api-client.ts'
import { printFindingsOfRule } from '../../report/finding-groups.ts'
import { examplesPerRule } from '../../report/finding-tally.ts'
import { countOf, printLine, say } from '../../print.ts'
import { pathOfRun } from './run.ts'

/** The findings of a run for people, by rule and the worst first, as `validate` prints those of a package. */
export async function printFindings(api: ApiClient, id: string): Promise<void> {
  const run = await api.get<RunDocument>(pathOfRun(id))
  const rules = Object.entries(run.findings.byRule).sort(
    ([idA, a], [idB, b]) => bySeverity(a.severity, b.severity) || (idA < idB ? -1 : 1),
  )
  const examples = await findExamples(api, run.runId, new Map(rules.map(([rule, { count }]) => [rule, count])))
  if (rules.length === 0) {
    say('Nothing was found wrong with the input of this run.')
    return
  }
  const total = rules.reduce((sum, [, { count }]) => sum + count, 0)
  await printLine(`${countOf(total, 'finding')} in run ${run.runId}, by ${countOf(rules.length, 'rule')}`)
  for (const [rule, counted] of rules) await printFindingsOfRule(rule, counted, examples.get(rule) ?? [])
  await printLine('')
  await printLine(`Every finding: rollbook run findings ${run.runId} --csv`)
}

/** Ends as soon as every rule has its examples: a million findings of one rule must not be read for three of them. */
async function findExamples(
  api: ApiClient,
  runId: string,
  counts: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, readonly RunFinding[]>> {
  const examples = new Map<string, RunFinding[]>()
  let missing = [...counts.values()].reduce((sum, count) => sum + Math.min(count, examplesPerRule), 0)
  for await (const page of api.pages<RunFinding>(`${pathOfRun(runId)}/findings`)) {
    for (const finding of page) {
      const own = examples.get(finding.rule) ?? []
      if (own.length >= examplesPerRule) continue
      examples.set(finding.rule, [...own, finding])
      missing--
    }
    if (missing <= 0) break
  }
  return examples
}
