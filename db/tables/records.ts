import type { Generated } from 'kysely'

/** What the record tables of all data types share; their fields are columns by domain/data-types/, addressed by SQL. */
export type RecordTable = {
  id: Generated<string>
  districtId: string
  status: Generated<'active' | 'inactive'>
  revision: Generated<number>
  connectionId: string | null
  createdRunId: string | null
  updatedRunId: string | null
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}

export type StagedTable = {
  districtId: string
  runId: string
  seq: number
  line: number
  kind: number
  parts: number
}
