import type { Finding } from '../../domain/import-rules/finding.ts'
import { overlapMs } from './ask-for-changes.ts'
import type { ExtractReport, ExtractRequest, ExtractSink } from '../connector.ts'
import type { OneRosterType } from '../kit/one-roster/data-types/one-roster-type.ts'
import { getOneRosterType } from '../kit/one-roster/data-types/registry.ts'
import { findRefusal } from '../kit/one-roster/rows/find-refusal.ts'
import { RosterRows } from '../kit/one-roster/rows/roster-rows.ts'
import { CollectionReading } from './collection-reading.ts'
import { listCollections } from './collections.ts'
import type { OneRosterRestSettings } from './settings.ts'

/**
 * Reads the kept pages once, and those of users of 1.2 twice, because their roles come before them in the order of the
 * kit. Each object becomes the row that the same record is in a package, so that one mapping and one set of data types
 * serves both.
 *
 * Absence is evidence only when the collection that carries the records, and those that say who is one of them, add up
 * (find-mismatch.ts).
 */
export async function extract(
  request: ExtractRequest<OneRosterRestSettings>,
  sink: ExtractSink,
): Promise<ExtractReport> {
  const { version } = request.settings
  const type = getOneRosterType(request.dataType)
  const rows = new RosterRows(type, sink, request, version)
  const proved = new Set<string>()
  for (const collection of listCollections(type)) {
    const came = request.input.parts.filter((part) => part.collection === collection)
    // Where the provider did not keep to it, what came as changes came once more.
    const all = came.filter(({ facts }) => facts['changes'] !== 'alone')
    const [parts, mode] = all.length > 0 ? ([all, 'bulk'] as const) : ([came, 'delta'] as const)
    if (parts.length === 0 || parts[0]?.facts['refused'] !== undefined) continue
    if (parts[0]?.facts['changes'] === 'unheard') sink.finding(describeUnheard(collection))
    const reading = new CollectionReading({ collection, parts, mode, version, request, sink, rows })
    if (collection === 'users' && version === '1.2') await reading.readRoles()
    if (!(await reading.read()) || mode === 'delta') continue
    proved.add(collection)
    if (collection === 'users') proved.add('roles')
  }
  const isDelta = rows.modes.get(type.file) === 'delta'
  const refusal = isDelta ? undefined : findRefusal(type, rows)
  const isUsable = refusal === undefined
  return {
    isUsable,
    refusal,
    format: version,
    newestChange: request.askedAt === undefined ? rows.newestChange : shownSince(request.askedAt),
    isDelta,
    isComplete:
      isUsable &&
      listDecisive(type, rows).every((name) => proved.has(name)) &&
      rows.facts.everyRowHasKey &&
      rows.facts.acceptedCount > 0,
    isGatheredComplete: rows.facts.everyItemHasKey && (type.gatheredFrom?.every((name) => proved.has(name)) ?? false),
    contestedKeys: Object.fromEntries(
      Object.entries(rows.contestedKeys).map(([collection, keys]) => [collection, [...keys]]),
    ),
    contestedLines: rows.contestedLines,
    missingColumns: rows.listMissingColumns(isDelta).map((missing) => ({ ...missing, file: missing.collection })),
    rowsRead: rows.facts.rowCount,
  }
}

/** What changed before then is in the input, whatever the clock of the provider. */
function shownSince(askedAt: Date): string {
  return new Date(askedAt.getTime() - overlapMs).toISOString()
}

function describeUnheard(collection: string): Finding {
  return {
    rule: 'I-22',
    severity: 'info',
    file: collection,
    message: `The provider does not give the changes of ${collection} alone: it passes over the filter by dateLastModified, or gives no total. Everything was read.`,
  }
}

function listDecisive({ file, besides }: OneRosterType, { modes }: RosterRows): readonly string[] {
  return [file, ...besides.filter((name) => modes.has(name))]
}
