import { filesAreAsAgreed } from './rules/manifest/agreed-files.ts'
import { severityOf } from '../../domain/import-rules/rule.ts'
import type { ExtractReport, ExtractRequest, ExtractSink } from '../connector.ts'
import { checkPackage } from './check/check-package.ts'
import { openPackage } from './package/open-package.ts'
import type { OpenedPackage } from './package/open-package.ts'
import type { OneRosterCsvSettings } from './settings.ts'
import { getOneRosterType } from '../kit/one-roster/data-types/registry.ts'
import { findRefusal } from '../kit/one-roster/rows/find-refusal.ts'
import { RosterRows } from '../kit/one-roster/rows/roster-rows.ts'

/**
 * Reads a package once: the rules on every file that the data type needs, and its records to the sink.
 *
 * Absence is evidence only when the file that carries the records is a bulk file that was read to its end, has rows, and
 * lost no row whose id could not be read; and only when the files that say who is one of them came in bulk too.
 */
export async function extract(
  request: ExtractRequest<OneRosterCsvSettings>,
  sink: ExtractSink,
): Promise<ExtractReport> {
  const type = getOneRosterType(request.dataType)
  const { profile, allowWindows1252 } = request.settings
  const [part] = request.input.parts
  if (part === undefined) throw new Error('a package is one part')
  const opened = await openPackage(part.file, { profile, sink: sink.finding })
  const isDelta = opened.files.some(({ name, mode }) => name === type.file && mode === 'delta')
  const files = listWholeFiles(opened, isDelta)
  tellOtherFiles(files, request, sink)
  const rows = new RosterRows(type, sink, request, opened.version ?? '1.1')
  const checked = await checkPackage(opened, {
    profile,
    allowWindows1252,
    sink: sink.finding,
    today: request.today,
    heldOrgKeys: request.heldOrgs.map((org) => org.sourceKey),
    onRow: rows,
    ownCodes: request.ownCodes,
    drain: ({ file, bytesRead, rowsRead }) => sink.drain({ collection: file, bytesRead, rowsRead }),
    ...(type.reads !== undefined && { only: type.reads }),
  })
  // A delta may well bring nothing of this type, or records of schools that an earlier package brought.
  const refusal = checked.isBlocked || isDelta ? undefined : findRefusal(type, rows)
  const isUsable = !checked.isBlocked && refusal === undefined
  const areWhole = (names: readonly string[]) => names.every((name) => rows.modes.get(name) === 'bulk')
  const areBesidesWhole = type.besides.every((name) => rows.modes.get(name) !== 'delta')
  const isComplete =
    isUsable &&
    !isDelta &&
    areBesidesWhole &&
    rows.areFilled(type.carriers ?? []) &&
    rows.facts.everyRowHasKey &&
    rows.facts.acceptedCount > 0
  return {
    isUsable,
    refusal,
    format: opened.version ?? undefined,
    files,
    newestChange: rows.newestChange,
    isDelta,
    isComplete,
    isGatheredComplete: type.gatheredFrom !== undefined && areWhole(type.gatheredFrom) && rows.facts.everyItemHasKey,
    contestedKeys: Object.fromEntries(
      Object.entries(rows.contestedKeys).map(([collection, keys]) => [collection, [...keys]]),
    ),
    contestedLines: rows.contestedLines,
    missingColumns: rows
      .listMissingColumns(isDelta)
      .map((missing) => ({ ...missing, file: `${missing.collection}.csv` })),
    rowsRead: rows.facts.rowCount,
  }
}

/** The files of a package and their modes; undefined for one that brings changes only, and where none can be read. */
function listWholeFiles({ files }: OpenedPackage, isDelta: boolean): Readonly<Record<string, string>> | undefined {
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
