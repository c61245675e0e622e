import { dataTypes } from '../../../domain/data-types/registry.ts'
import type { ImportRig } from '../../activities/import-rig.ts'

/** What is of the run, the connection or the day, and what stands for a row without being one. */
const apart = ['id', 'district_id', 'connection_id', 'created_run_id', 'updated_run_id', 'created_at', 'updated_at']
const digests = ['primary_digest', 'supplement_digest', 'gathered_digest', 'edited_xid', 'mapping_fingerprint']

/** Each table with the keys of the source in place of our ids, and without the columns `besides`. */
export async function tablesOf(rig: ImportRig, besides: readonly string[] = []): Promise<Record<string, string[]>> {
  const tables = ['orgs', ...dataTypes.map(({ table }) => table)]
  const keys = new Map<string, string>()
  for (const table of tables) {
    for (const row of (await rig.ask(`select id, source_key from ${table}`)) as { id: string; source_key: string }[]) {
      keys.set(row.id, `${table} ${row.source_key}`)
    }
  }
  const told: [string, string[]][] = []
  for (const table of tables) {
    const rows = (await rig.ask(
      `select to_jsonb(t) - '{${[...apart, ...digests, ...besides].join(',')}}'::text[] as row from ${table} t`,
    )) as {
      row: object
    }[]
    const replaced = rows.map(({ row }) => JSON.stringify(row).replaceAll(/[0-9a-f-]{36}/g, (id) => keys.get(id) ?? id))
    told.push([table, replaced.sort()])
  }
  return Object.fromEntries(told)
}
