import type { Connector } from '../connector.ts'
import { createDropSource, findDropProblem, testDrop } from '../kit/drop/drop-source.ts'
import { OneRosterCsvSettings } from './settings.ts'
import { extract } from './extract.ts'
import { findUnfed } from './find-unfed.ts'
import { oneRosterTypes, getOneRosterType } from '../kit/one-roster/data-types/registry.ts'

/** OneRoster 1.1 and 1.2 CSV packages: a ZIP that is uploaded, or fetched from a folder or an SFTP server. */
export const oneRosterCsv: Connector<OneRosterCsvSettings> = {
  id: 'oneroster-csv',
  label: 'OneRoster CSV package',
  dataTypes: oneRosterTypes.map(({ dataType }) => dataType),
  settings: OneRosterCsvSettings,
  intake: { kind: 'file', source: createDropSource(({ source }) => source) },
  finds: ['repeatedKeys', 'text'],
  // Where the file has the column, F-17 has looked at it.
  collections: (dataType) =>
    getOneRosterType(dataType).collections.map((collection) => ({ ...collection, checkedAddresses: ['email'] })),
  defaultMapping: (dataType) => getOneRosterType(dataType).mapping,
  findSettingsProblem: async ({ source }, surroundings) =>
    source === undefined ? undefined : await findDropProblem(source, surroundings),
  // A package that comes by upload leaves nobody to call: valid settings are all that can be tested then.
  test: async ({ source }, surroundings) =>
    source === undefined ? { isConnected: true } : await testDrop(source, surroundings),
  readingSettings: ({ profile, allowWindows1252 }) => ({ profile, allowWindows1252 }),
  dependsOnDay: (dataType) => getOneRosterType(dataType).isOfToday === true,
  extract,
  findUnfed,
}
