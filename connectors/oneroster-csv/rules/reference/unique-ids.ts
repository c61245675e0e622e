import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** R-01, for a row whose id an earlier row of the file has. The lesser case is the same row again. */
export function checkRepeatedId(isSameRow: boolean): Problem {
  if (isSameRow) return lesserProblem('The same row is there before: this one is left out. Send each record once.')
  return problem('Another row has the same sourcedId and other values: give each record an id of its own.')
}

export const repeatedId: Rule<typeof checkRepeatedId> = {
  id: 'R-01',
  title: '`sourcedId` is in its file several times',
  severity: { strict: 'error', default: 'error' },
  lesserSeverity: { strict: 'error', default: 'warning' },
  appliesTo: 'row',
  check: checkRepeatedId,
}

/** R-10, for a row that differs from an earlier one of its id in lists alone: both are parts of one record. */
export function checkSplitRecord(isPart: boolean): Problem | undefined {
  if (!isPart) return undefined
  return problem(
    'Another row has the same sourcedId and differs in lists only, such as its schools: they are taken for one record. Send each record once, with all items in one list.',
  )
}

export const splitRecord: Rule<typeof checkSplitRecord> = {
  id: 'R-10',
  title: 'rows of one `sourcedId` differ in lists alone',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkSplitRecord,
}

/** R-02, for a row whose id differs from an earlier one of the file in capitals only. */
function checkCaseTwin(hasCaseTwin: boolean): Problem | undefined {
  if (!hasCaseTwin) return undefined
  return problem(
    'Another sourcedId differs from this one only in capitals: receivers that ignore case take them for one.',
  )
}

export const caseTwin: Rule<typeof checkCaseTwin> = {
  id: 'R-02',
  title: 'two ids of a file differ only in capitals',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkCaseTwin,
}

/** R-03, for two files; `demographics` shares the ids of `users` by design. */
function checkSharedIds(file: string, otherFile: string, sharedCount: number): Problem | undefined {
  if (sharedCount === 0) return undefined
  const isByDesign =
    (file === 'demographics' && otherFile === 'users') || (file === 'users' && otherFile === 'demographics')
  if (isByDesign) return undefined
  return problem(
    `${sharedCount} of the ids are also used in ${otherFile}.csv: some receivers want them unique overall.`,
  )
}

export const sharedIds: Rule<typeof checkSharedIds> = {
  id: 'R-03',
  title: 'an id is used in several files',
  severity: { strict: undefined, default: 'info' },
  appliesTo: 'file',
  check: checkSharedIds,
}
