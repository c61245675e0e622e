import type { Connector } from '../connector.ts'
import { getOneRosterType, oneRosterTypes } from '../kit/one-roster/data-types/registry.ts'
import { findChangesPolicy } from './ask-for-changes.ts'
import { extract } from './extract.ts'
import { readPages, testProvider } from './read-pages.ts'
import { findAddressProblem, OneRosterRestSettings } from './settings.ts'

/** A OneRoster 1.1 or 1.2 provider, asked over REST as a consumer. */
export const oneRosterRest: Connector<OneRosterRestSettings> = {
  id: 'oneroster-rest',
  label: 'OneRoster REST provider',
  dataTypes: oneRosterTypes.map(({ dataType }) => dataType),
  settings: OneRosterRestSettings,
  intake: { kind: 'pages', pages: readPages, findChangesPolicy },
  finds: ['repeatedKeys', 'text'],
  collections: (dataType) => getOneRosterType(dataType).collections,
  defaultMapping: (dataType) => getOneRosterType(dataType).mapping,
  findSettingsProblem: (settings) => Promise.resolve(findAddressProblem(settings)),
  test: testProvider,
  readingSettings: ({ version }) => ({ version }),
  extract,
}
