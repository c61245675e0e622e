import { dataTypes } from '../../domain/data-types/registry.ts'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import type { Connector } from '../connector.ts'
import { createDropSource, findDropProblem, testDrop } from '../kit/drop/drop-source.ts'
import { tables } from '../kit/drop/drop-content.ts'
import { collectionName } from './check-rows.ts'
import { extract } from './extract.ts'
import { CsvSettings } from './settings.ts'

/** Tables of fields that no other source has, of records that others bring: uploaded, or fetched from a folder or an SFTP server. */
export const csv: Connector<CsvSettings> = {
  id: 'csv',
  label: 'CSV file of fields',
  dataTypes: dataTypes.map(({ name }) => name),
  settings: CsvSettings,
  intake: { kind: 'file', source: createDropSource(({ source }) => source, tables) },
  finds: ['repeatedKeys'],
  // Which columns there are is for each file to say.
  collections: () => [{ name: collectionName, kind: 'records', bringsFieldsOnly: true, columns: [] }],
  defaultMapping,
  findSettingsProblem: async ({ source, mappings }, surroundings) => {
    const unknown = Object.keys(mappings).find((name) => !dataTypes.some((dataType) => dataType.name === name))
    if (unknown !== undefined) return `"mappings" names the data type ${unknown}, and there is none of this name.`
    return source === undefined ? undefined : await findDropProblem(source, surroundings)
  },
  // A file that comes by upload leaves nobody to call: valid settings are all that can be tested then.
  test: async ({ source }, surroundings) =>
    source === undefined ? { isConnected: true } : await testDrop(source, surroundings, tables),
  extract,
}

function defaultMapping(dataType: string, settings?: CsvSettings): MappingDocument {
  const first = settings?.mappings[dataType]
  const rest = { codes: {}, academicYearTurnsOn: '07-01' }
  if (first === undefined) return { fields: {}, customFields: {}, ...rest }
  const place = (column: string) => `${collectionName}.${column.trim()}`
  const fields = Object.entries(first.columns).map(([field, column]) => [field, { from: place(column) }] as const)
  const customFields = Object.entries(first.customFields).map(([name, column]) => [name, place(column)] as const)
  return {
    ...{ matchBy: first.matchBy, fields: Object.fromEntries(fields), customFields: Object.fromEntries(customFields) },
    ...rest,
  }
}
