import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/**
 * R-04, for a filled reference to a file that the package does not have. The lesser cases are a reference that need not
 * be filled, and `courses`.
 */
function checkTargetFile(isPresent: boolean, column: string, target: string, isRequired: boolean): Problem | undefined {
  if (isPresent) return undefined
  const message = `${column} is filled, but ${target}.csv is not in the package: send it too, or leave the column blank.`
  return target === 'courses' || !isRequired ? lesserProblem(message) : problem(message)
}

export const targetFile: Rule<typeof checkTargetFile> = {
  id: 'R-04',
  title: 'the file that a filled reference points to is not in the package (bulk)',
  severity: { strict: 'error', default: 'error' },
  lesserSeverity: { strict: 'error', default: 'warning' },
  appliesTo: 'row',
  check: checkTargetFile,
}

/** What became of the record that a reference points to: `refused` by a finding of its own, or not sent at all. */
export type TargetState = 'usable' | 'refused' | 'unknown'

/** R-05, for a reference without its record. The lesser case is a reference that need not be filled. */
function checkTargetRecord(state: TargetState, target: string, isRequired: boolean): Problem | undefined {
  if (state === 'usable') return undefined
  const tell = isRequired ? problem : lesserProblem
  if (state === 'refused') return tell(`The record of this id in ${target}.csv was refused: correct it there.`)
  const remedy = isRequired ? 'leave this row out' : 'leave the reference blank'
  return tell(`There is no record of this id in ${target}.csv: send the record, or ${remedy}.`)
}

export const targetRecord: Rule<typeof checkTargetRecord> = {
  id: 'R-05',
  title: 'the record that a reference points to is not in the package',
  severity: { strict: 'error', default: 'error' },
  lesserSeverity: { strict: 'error', default: 'warning' },
  appliesTo: 'cell',
  check: checkTargetRecord,
}

/** R-06, for a reference to a record that leaves with this very package. */
function checkTargetStays(isWithdrawn: boolean, target: string): Problem | undefined {
  if (!isWithdrawn) return undefined
  return problem(`The record it points to is withdrawn in ${target}.csv of the same package.`)
}

export const targetStays: Rule<typeof checkTargetStays> = {
  id: 'R-06',
  title: 'the record that a reference points to is withdrawn by the same package',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'cell',
  check: checkTargetStays,
}
