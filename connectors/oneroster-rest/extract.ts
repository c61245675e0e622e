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
    const parts = request.input.parts.filter((part) => part.collection === collection)
    if (parts.length === 0 || parts[0]?.facts['refused'] !== undefined) continue
    const reading = new CollectionReading({ collection, parts, version, request, sink, rows })
    if (collection === 'users' && version === '1.2') await reading.readRoles()
    if (!(await reading.read())) continue
    proved.add(collection)
    if (collection === 'users') proved.add('roles')
  }
  const refusal = findRefusal(type, rows)
  const isUsable = refusal === undefined
  return {
    isUsable,
    refusal,
    format: version,
    newestChange: rows.newestChange,
    isDelta: false,
    isComplete:
      isUsable &&
      listDecisive(type, rows).every((name) => proved.has(name)) &&
      rows.facts.everyRowHasKey &&
      rows.facts.acceptedCount > 0,
    isGatheredComplete: type.gatheredFrom?.every((name) => proved.has(name)) ?? false,
    contestedKeys: Object.fromEntries(
      Object.entries(rows.contestedKeys).map(([collection, keys]) => [collection, [...keys]]),
    ),
    rowsRead: rows.facts.rowCount,
  }
}

function listDecisive({ file, besides }: OneRosterType, { modes }: RosterRows): readonly string[] {
  return [file, ...besides.filter((name) => modes.has(name))]
}
