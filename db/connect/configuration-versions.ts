import { sql, type Transaction } from 'kysely'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import { ImportSettings } from '../../domain/plan/import-settings.ts'
import type { Database } from '../database.ts'
import type { ConfigurationKey } from './configurations.ts'

/** A numbered version of a configuration; it never changes. */
export type ConfigurationVersionRow = {
  readonly id: string
  readonly version: number
  readonly mapping: MappingDocument
  readonly settings: ImportSettings
  readonly createdBy: string
  readonly createdAt: Date
  readonly isInForce: boolean
  /** Runs that worked with it, tests aside. */
  readonly runCount: number
}

/** The numbered versions, the newest first, of those with a number below `before`. */
export async function listConfigurationVersions(
  trx: Transaction<Database>,
  { connectionId, dataType, before, limit }: ConfigurationKey & { readonly before?: number; readonly limit: number },
): Promise<readonly ConfigurationVersionRow[]> {
  return select(
    trx,
    sql`where v.connection_id = ${connectionId} and v.data_type = ${dataType} and v.version < ${before ?? 2_147_483_647}
      order by v.version desc limit ${limit}`,
  )
}

export async function findConfigurationVersion(
  trx: Transaction<Database>,
  { connectionId, dataType, version }: ConfigurationKey & { readonly version: number },
): Promise<ConfigurationVersionRow | undefined> {
  const [row] = await select(
    trx,
    sql`where v.connection_id = ${connectionId} and v.data_type = ${dataType} and v.version = ${version}`,
  )
  return row
}

async function select(
  trx: Transaction<Database>,
  which: ReturnType<typeof sql>,
): Promise<readonly ConfigurationVersionRow[]> {
  const { rows } = await sql<Omit<ConfigurationVersionRow, 'settings'> & { settings: unknown }>`
    select v.id, v.version, v.document as mapping, v.settings, v.created_by, v.created_at,
      exists (select from import_configurations c where c.mapping_version_id = v.id) as is_in_force,
      (select count(*)::int from import_runs run where run.connection_id = v.connection_id
        and run.data_type = v.data_type and run.mapping_version_id = v.id and not run.is_test) as run_count
    from mapping_versions v ${which}`.execute(trx)
  return rows.map((row) => ({ ...row, settings: ImportSettings.parse(row.settings) }))
}
