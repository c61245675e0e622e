import { optional, required } from './column.ts'
import type { Column, ColumnLine, FileDefinition, FileTable, OneRosterVersion } from './column.ts'
import { gradebookFiles } from './gradebook-files.ts'
import { resourceFiles } from './resource-files.ts'
import { rosteringFiles } from './rostering-files.ts'
import { status } from './vocabularies.ts'

/**
 * The order in which the files of a package are read: what others point to comes first,
 * except that profiles and roles come before users, so that a user's row finds its roles known.
 */
export const readingOrder: readonly string[] = [
  ...['orgs', 'academicSessions', 'courses', 'classes', 'userProfiles', 'roles', 'users', 'demographics'],
  ...['enrollments', 'categories', 'lineItems', 'results', 'scoreScales', 'lineItemScoreScales', 'resultScoreScales'],
  ...['lineItemLearningObjectiveIds', 'resultLearningObjectiveIds', 'resources', 'classResources', 'courseResources'],
  'userResources',
]

const openingLines: readonly ColumnLine[] = [
  required('sourcedId', { type: 'guid' }),
  optional('status', status),
  optional('dateLastModified', { type: 'dateTime' }),
]

function buildColumn(line: ColumnLine, version: OneRosterVersion): Column {
  const { kind } = line
  return {
    name: line.name,
    type: kind.type,
    isList: kind.isList ?? false,
    isRequired: (version === '1.1' ? line.in11 : line.in12) === 'required',
    target: kind.target,
    values: kind.values?.[version],
    isExtensible: version === '1.2' && (kind.isExtensible ?? false),
  }
}

function buildDefinition(table: FileTable, version: OneRosterVersion): FileDefinition {
  const lines = [...openingLines, ...table.lines].filter(
    (line) => (version === '1.1' ? line.in11 : line.in12) !== 'none',
  )
  return { name: table.name, version, columns: lines.map((line) => buildColumn(line, version)) }
}

const tables = [...rosteringFiles, ...gradebookFiles, ...resourceFiles]

function buildDefinitions(version: OneRosterVersion): ReadonlyMap<string, FileDefinition> {
  const existing = tables.filter((table) => version === '1.2' || table.in11)
  return new Map(existing.map((table) => [table.name, buildDefinition(table, version)]))
}

const definitions: Readonly<Record<OneRosterVersion, ReadonlyMap<string, FileDefinition>>> = {
  '1.1': buildDefinitions('1.1'),
  '1.2': buildDefinitions('1.2'),
}

/** The data file of that name (`users`, without `.csv`) in that version; undefined when the version has none. */
export function findFileDefinition(version: OneRosterVersion, name: string): FileDefinition | undefined {
  return definitions[version].get(name)
}

/** Names of the data files of a version, in reading order; `manifest` is not one of them. */
export function listDataFiles(version: OneRosterVersion): readonly string[] {
  return readingOrder.filter((name) => definitions[version].has(name))
}
