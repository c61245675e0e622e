import { filesAreAsAgreed } from '../../../domain/import-rules/manifest/agreed-files.ts'
import { severityOf } from '../../../domain/import-rules/rule.ts'
import type { ExtractReport, ExtractRequest, ExtractSink } from '../../connector.ts'
import { checkPackage } from '../check-package.ts'
import { openPackage } from '../package/open-package.ts'
import type { OpenedPackage } from '../package/open-package.ts'
import type { OneRosterCsvSettings } from '../settings.ts'
import { StudentRows } from './student-rows.ts'

/**
 * Reads a package once: every rule on every file, and the students among its users to the sink.
 *
 * Absence is evidence only when users.csv is a bulk file that was read to its end, has rows, and lost no row whose
 * id could not be read; and in 1.2 only when roles.csv, which says who is a student, came in bulk too.
 */
export async function extractStudents(
  request: ExtractRequest<OneRosterCsvSettings>,
  sink: ExtractSink,
): Promise<ExtractReport> {
  const { profile, allowWindows1252 } = request.settings
  const opened = await openPackage(request.input, { profile, sink: sink.finding })
  const files = listWholeFiles(opened)
  tellOtherFiles(files, request, sink)
  const rows = new StudentRows(sink, request.columns, request.heldOrgs, opened.version ?? '1.1', request.today)
  const checked = await checkPackage(opened, {
    profile,
    allowWindows1252,
    sink: sink.finding,
    today: request.today,
    heldOrgKeys: request.heldOrgs.map((org) => org.sourceKey),
    onRow: rows,
    drain: ({ file, bytesRead, rowsRead }) => sink.drain({ collection: file, bytesRead, rowsRead }),
  })
  const isDelta = rows.usersMode === 'delta'
  const rolesMode = opened.files.find((file) => file.name === 'roles')?.mode
  // A delta may well bring no student, or students of schools that an earlier package brought.
  const refusal = checked.isBlocked || isDelta ? undefined : findRefusal(rows)
  const isUsable = !checked.isBlocked && refusal === undefined
  return {
    isUsable,
    refusal,
    format: opened.version ?? undefined,
    files,
    newestChange: rows.newestChange,
    isDelta,
    isComplete: isUsable && !isDelta && rolesMode !== 'delta' && rows.everyRowHasKey,
    contestedKeys: {
      users: [...rows.contestedKeys.users],
      demographics: [...rows.contestedKeys.demographics],
    },
    rowsRead: rows.studentCount,
  }
}

/** The files of a package and their modes; undefined for one that brings changes only, and where none can be read. */
function listWholeFiles({ files }: OpenedPackage): Readonly<Record<string, string>> | undefined {
  const isDelta = files.some(({ name, mode }) => name === 'users' && mode === 'delta')
  return isDelta || files.length === 0 ? undefined : Object.fromEntries(files.map(({ name, mode }) => [name, mode]))
}

function tellOtherFiles(
  files: Readonly<Record<string, string>> | undefined,
  { lastFiles, settings }: ExtractRequest<OneRosterCsvSettings>,
  sink: ExtractSink,
): void {
  const problem = files === undefined || lastFiles === undefined ? undefined : filesAreAsAgreed.check(files, lastFiles)
  const severity = severityOf(filesAreAsAgreed, settings.profile)
  if (problem === undefined || severity === undefined) return
  sink.finding({ rule: filesAreAsAgreed.id, severity, file: 'manifest.csv', message: problem.message })
}

/** Rule M-13. */
function findRefusal(rows: StudentRows): string | undefined {
  if (rows.usersMode === undefined) return 'it has no users.csv that is read'
  if (rows.acceptedSchoolCount === 0) return 'no school in it is usable'
  return rows.acceptedStudentCount === 0 ? 'no student in it is usable' : undefined
}
