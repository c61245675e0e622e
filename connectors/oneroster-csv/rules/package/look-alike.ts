import type { Rule } from '../../../../domain/import-rules/rule.ts'
import { problemAt } from './placed-problem.ts'
import type { PlacedProblem } from './placed-problem.ts'

export type LookAlikeFacts = {
  /** The header of each data file that could be read, by its name (`users`); blank headers are left out. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** Lower-case names of all files at the root. */
  readonly fileNames: readonly string[]
  readonly hasManifest: boolean
  /** Data files of OneRoster's names, read or not. */
  readonly dataFileCount: number
  /** A ZIP in the package is likely to be the package; what is around it proves nothing. */
  readonly hasArchiveInside: boolean
}

export type LookAlike = 'OneRoster 1.0' | 'Microsoft SDS v2' | 'Microsoft SDS v2.1' | 'database dump' | 'unrelated'

/** What the package is instead of OneRoster 1.1 or 1.2; undefined when it is taken for one, faults or not. */
export function deriveLookAlike(facts: LookAlikeFacts): LookAlike | undefined {
  if (isDump(facts.headers)) return 'database dump'
  if (isSds(facts)) return isSdsV21(facts) ? 'Microsoft SDS v2.1' : 'Microsoft SDS v2'
  if (isOldDialect(facts.headers)) return 'OneRoster 1.0'
  return isUnrelated(facts) ? 'unrelated' : undefined
}

/** Column names with one suffix for the table, `classId_cl`, or a key of the database before each sourcedId. */
function isDump(headers: LookAlikeFacts['headers']): boolean {
  const all = [...headers.values()]
  const numbered = all.filter(([first = '', second]) => /^[a-z]+Id$/.test(first) && second === 'sourcedId')
  return all.some(isSuffixed) || numbered.length >= 2
}

function isSuffixed(header: readonly string[]): boolean {
  const counts = new Map<string, number>()
  for (const column of header) {
    // `_id` and the like are ordinary words of column names, not the mark of a table.
    const suffix = /_(?!id$|name$|date$|code$|type$)[A-Za-z]{1,4}$/i.exec(column)?.[0]
    if (suffix !== undefined) counts.set(suffix, (counts.get(suffix) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values()) >= Math.max(3, header.length * 0.6)
}

/** Columns and whole headers that only School Data Sync has, in files that lack OneRoster's opening columns. */
function isSds({ headers, fileNames }: LookAlikeFacts): boolean {
  const has = (file: string, ...columns: string[]): boolean =>
    columns.every((column) => headers.get(file)?.includes(column) === true)
  const isOneRoster = [...headers.keys()].some((file) => has(file, 'status') || has(file, 'dateLastModified'))
  if (isOneRoster || headers.size === 0) return false
  return (
    fileNames.includes('userflags.csv') ||
    fileNames.includes('relationships.csv') ||
    has('users', 'activeDirectoryMatchId') ||
    (has('users', 'username', 'grade') && !has('users', 'enabledUser')) ||
    has('classes', 'orgSourcedId') ||
    has('classes', 'sessionSourcedIds') ||
    has('demographics', 'raceCodes') ||
    has('demographics', 'ethnicityCodes') ||
    (has('enrollments', 'classSourcedId', 'userSourcedId', 'role') && !has('enrollments', 'sourcedId')) ||
    (has('roles', 'userSourcedId', 'orgSourcedId', 'role') && !has('roles', 'sourcedId'))
  )
}

/** v2 keeps role and school in users.csv; v2.1 moved them to roles.csv and added files. */
function isSdsV21({ headers, fileNames }: LookAlikeFacts): boolean {
  const users = headers.get('users')
  return headers.has('roles') || fileNames.includes('userflags.csv') || (users !== undefined && !users.includes('role'))
}

/**
 * One mark of the 1.0 dialect may be a slip of the pen in a 1.1 package, and then a rule on headers says so; two are
 * the dialect, whatever the manifest says. Columns that 1.0 did not have yet prove
 * nothing by their absence, but they settle a doubt.
 */
function isOldDialect(headers: LookAlikeFacts['headers']): boolean {
  const users = headers.get('users')
  const lacksNewColumns =
    (users !== undefined && !users.includes('enabledUser') && !users.includes('grades')) ||
    headers.get('academicSessions')?.includes('schoolYear') === false
  return countOldTells(headers) + (lacksNewColumns ? 1 : 0) >= 2 && countOldTells(headers) > 0
}

/** Names and orders that only 1.0 had, each counted once however many files have it. */
function countOldTells(headers: LookAlikeFacts['headers']): number {
  const tells = new Set<string>()
  const tell = (file: string, old: string, instead: string): void => {
    const header = headers.get(file)
    if (header?.includes(old) === true && !header.includes(instead)) tells.add(old)
  }
  tell('users', 'userId', 'userIds')
  tell('users', 'agents', 'agentSourcedIds')
  tell('classes', 'grade', 'grades')
  tell('courses', 'grade', 'grades')
  tell('classes', 'termSourcedId', 'termSourcedIds')
  tell('courses', 'schoolYearId', 'schoolYearSourcedId')
  tell('demographics', 'userSourcedId', 'sourcedId')
  tell('demographics', 'birthdate', 'birthDate')
  const enrollments = headers.get('enrollments')
  // 1.0 had the lifecycle columns behind the role and no dates: one whole header stands for two slips.
  const isOldOrder =
    enrollments?.[1] === 'classSourcedId' &&
    enrollments.indexOf('status') > enrollments.indexOf('role') &&
    !enrollments.includes('beginDate')
  return tells.size + (isOldOrder ? 2 : 0)
}

function isUnrelated({ headers, hasManifest, dataFileCount, hasArchiveInside, fileNames }: LookAlikeFacts): boolean {
  if (hasManifest || hasArchiveInside || fileNames.length === 0) return false
  if (headers.size < dataFileCount) return false
  return ![...headers.values()].some((header) => header.some((column) => column.toLowerCase().includes('sourcedid')))
}

const advice: Readonly<Record<LookAlike, string>> = {
  'OneRoster 1.0': 'These are files of OneRoster 1.0. Ask the source system for an export in version 1.1 or 1.2.',
  'Microsoft SDS v2': 'This is Microsoft School Data Sync v2, not OneRoster. Export OneRoster CSV 1.1 or 1.2 instead.',
  'Microsoft SDS v2.1':
    'This is Microsoft School Data Sync v2.1, not OneRoster. Export OneRoster CSV 1.1 or 1.2 instead.',
  'database dump': 'These are tables of a database, not OneRoster files. Export OneRoster CSV 1.1 or 1.2 instead.',
  unrelated: 'There is no OneRoster in this package. Send the export with manifest.csv and its files.',
}

/** Alone among the rules it silences the others: a look-alike breaks nearly all of them, and that says nothing. */
export const isNoLookAlike: Rule<(facts: LookAlikeFacts) => PlacedProblem[]> = {
  id: 'Z-12',
  title: 'not OneRoster 1.1 or 1.2: SDS, OneRoster 1.0 or something else',
  severity: { strict: 'block', default: 'block' },
  appliesTo: 'package',
  check: (facts) => {
    const lookAlike = deriveLookAlike(facts)
    return lookAlike === undefined ? [] : [problemAt({}, advice[lookAlike])]
  },
}
