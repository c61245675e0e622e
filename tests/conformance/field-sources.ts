import type { OneRosterVersion } from '../../connectors/kit/one-roster/format/column.ts'

/**
 * What the suite has to know of a connector that brings fields of records that another one brings. A new one is an entry
 * below.
 */
export type FieldSource = {
  readonly connector: string
  /** The form of the roster that brings the records. */
  readonly version: OneRosterVersion
  /** Settings under which a custom field of the data type is fed, and its records found by a field. */
  readonly settingsFor: (dataType: string, matchBy: string, customField: string) => unknown
  /** An input with these ids and values. */
  readonly write: (rows: readonly (readonly [string, string])[]) => Buffer
}

export const fieldSources: readonly FieldSource[] = [
  {
    connector: 'csv',
    version: '1.2',
    settingsFor: (dataType, matchBy, customField) => ({
      mappings: {
        [dataType]: { matchBy, columns: { [matchBy]: 'Its id' }, customFields: { [customField]: 'A note' } },
      },
    }),
    write: (rows) => Buffer.from(['Its id;A note', ...rows.map((row) => row.join(';'))].join('\r\n')),
  },
]
