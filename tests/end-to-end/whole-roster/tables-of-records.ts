import { dataTypes } from '../../../domain/data-types/registry.ts'
import type { DistrictOnStack } from '../district-on-stack.ts'

/** When a record was last touched, by what, how often, and what stands for the row of the source that it is like. */
const bookkeeping = [
  ...['updated_at', 'updated_run_id', 'revision', 'edited_xid', 'primary_digest', 'supplement_digest'],
  'gathered_digest',
]

type HeldRow = Readonly<Record<string, unknown>>
/** Every record of every data type, with all that it has, by table and id. */
export type HeldTables = Readonly<Record<string, Readonly<Record<string, HeldRow>>>>

export async function readTables(district: DistrictOnStack): Promise<HeldTables> {
  const tables: Record<string, Record<string, HeldRow>> = {}
  for (const table of ['orgs', ...dataTypes.map((dataType) => dataType.table)]) {
    const rows = await district.query<{ id: string; row: HeldRow }>(
      `select id, to_jsonb(t) - $1::text[] as row from ${table} t`,
      [bookkeeping],
    )
    tables[table] = Object.fromEntries(rows.map(({ id, row }) => [id, row]))
  }
  return tables
}

/** The same tables, and with them, inactive, the records that are in `later` only. */
export function withCreatedInactive(before: HeldTables, later: HeldTables): HeldTables {
  const entries = Object.entries(later).map(([table, rows]) => {
    const all = Object.entries(rows).map(([id, row]) => [id, before[table]?.[id] ?? { ...row, status: 'inactive' }])
    return [table, Object.fromEntries(all) as Record<string, HeldRow>]
  })
  return Object.fromEntries(entries) as HeldTables
}
