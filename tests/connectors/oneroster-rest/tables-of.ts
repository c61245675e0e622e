import { dataTypes } from '../../../domain/data-types/registry.ts'
import type { ImportRig } from '../../activities/import-rig.ts'

/** What is of the run, the connection or the moment. Digests and revisions are not: they are equal. */
const apart = [
  ...['id', 'district_id', 'connection_id', 'case_id', 'run_id', 'created_run_id', 'updated_run_id'],
  ...['created_at', 'updated_at', 'opened_at', 'closed_at', 'edited_xid'],
  // Made of the settings of the connection too, which are each connector's own.
  'mapping_fingerprint',
]
/** What the bindings cannot agree on, by table. */
const apartIn: Readonly<Record<string, readonly string[]>> = {
  // Hashed with the id of the district.
  match_keys: ['key'],
  // A package numbers the lines of its files, a provider has records in pages, those who were withdrawn among them.
  not_imported: ['line'],
}
/** Besides the records: what is kept of them for recognising people, and of those who were left out. */
const besideRecords = ['match_keys', 'match_names', 'match_records', 'record_aliases', 'not_imported', 'alerts']

/** Each table with the keys of the source in place of our ids, and without the columns `besides`. */
export async function tablesOf(rig: ImportRig, besides: readonly string[] = []): Promise<Record<string, string[]>> {
  const records = ['orgs', ...dataTypes.map(({ table }) => table)]
  const keys = new Map<string, string>()
  for (const table of records) {
    for (const row of (await rig.ask(`select id, source_key from ${table}`)) as { id: string; source_key: string }[]) {
      keys.set(row.id, `${table} ${row.source_key}`)
    }
  }
  const told: [string, string[]][] = []
  for (const table of [...records, ...besideRecords]) {
    const without = [...apart, ...besides, ...(apartIn[table] ?? [])].join(',')
    const rows = (await rig.ask(`select to_jsonb(t) - '{${without}}'::text[] as row from ${table} t`)) as {
      row: object
    }[]
    const replaced = rows.map(({ row }) =>
      JSON.stringify(row).replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => keys.get(id) ?? id),
    )
    told.push([table, replaced.sort()])
  }
  return Object.fromEntries(told)
}
