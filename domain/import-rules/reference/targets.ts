import { lesserProblem, problem } from '../rule.ts'
import type { Problem, Rule } from '../rule.ts'

/** R-04, for a filled reference to a file that the package does not have. `courses` are the lesser case. */
export function checkTargetFile(isPresent: boolean, column: string, target: string): Problem | undefined {
  if (isPresent) return undefined
  const message = `${column} is filled, but ${target}.csv is not in the package: send it too, or leave the column blank.`
  return target === 'courses' ? lesserProblem(message) : problem(message)
}

export const targetFile: Rule<typeof checkTargetFile> = {
  id: 'R-04',
  title: 'the file that a filled reference points to is in the package (bulk)',
  severity: { strict: 'error', default: 'error' },
  lesserSeverity: { strict: 'error', default: 'warning' },
  appliesTo: 'file',
  check: checkTargetFile,
}

/** R-05, for a reference without its record. The lesser case is a reference that need not be filled. */
export function checkTargetRecord(isPresent: boolean, target: string, isRequired: boolean): Problem | undefined {
  if (isPresent) return undefined
  const message = `There is no usable record of this id in ${target}.csv`
  if (isRequired) return problem(`${message}: send the record, or leave this row out.`)
  return lesserProblem(`${message}: send the record, or leave the reference blank.`)
}

export const targetRecord: Rule<typeof checkTargetRecord> = {
  id: 'R-05',
  title: 'the record that a reference points to is in the package',
  severity: { strict: 'error', default: 'error' },
  lesserSeverity: { strict: 'error', default: 'warning' },
  appliesTo: 'cell',
  check: checkTargetRecord,
}

/** R-06, for a reference to a record that leaves with this very package. */
export function checkTargetStays(isWithdrawn: boolean, target: string): Problem | undefined {
  if (!isWithdrawn) return undefined
  return problem(`The record it points to is withdrawn in ${target}.csv of the same package.`)
}

export const targetStays: Rule<typeof checkTargetStays> = {
  id: 'R-06',
  title: 'the record that a reference points to is not withdrawn by the same package',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'cell',
  check: checkTargetStays,
}
