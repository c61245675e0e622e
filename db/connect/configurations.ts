import { sql, type Selectable, type Transaction } from 'kysely'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import { ImportSettings } from '../../domain/plan/import-settings.ts'
import type { Database } from '../database.ts'
import type { MappingVersions } from '../tables/connections.ts'

/** A version with its settings; those that were never set have their defaults. */
export type MappingVersionRow = Omit<Selectable<MappingVersions>, 'settings'> & { readonly settings: ImportSettings }

/** An import configuration with the version in force; settings that were never set have their defaults. */
export type ConfigurationRow = {
  readonly districtId: string
  readonly connectionId: string
  readonly dataType: string
  readonly mappingVersionId: string
  readonly mappingVersion: number
  readonly mapping: MappingDocument
  readonly settings: ImportSettings
  readonly isEnabled: boolean
}

export type ConfigurationKey = { readonly connectionId: string; readonly dataType: string }

/**
 * Adds the next version; earlier ones are never changed. Without `settings` it has those in force. The connection's row is the
 * lock that keeps numbers apart. One that is `isForTest` has no number, and never comes into force.
 */
export async function insertMappingVersion(
  trx: Transaction<Database>,
  mapping: ConfigurationKey & {
    readonly districtId: string
    readonly document: MappingDocument
    readonly settings?: Partial<ImportSettings>
    readonly createdBy: string
    readonly isForTest?: boolean
  },
): Promise<MappingVersionRow> {
  const { districtId, connectionId, dataType, document, createdBy, isForTest = false } = mapping
  await trx.selectFrom('connections').select('id').where('id', '=', connectionId).forNoKeyUpdate().execute()
  const { next } = await trx
    .selectFrom('mappingVersions')
    .select(sql<number>`coalesce(max(version), 0) + 1`.as('next'))
    .where('connectionId', '=', connectionId)
    .where('dataType', '=', dataType)
    .executeTakeFirstOrThrow()
  const settings = JSON.stringify(
    mapping.settings ?? (await findConfiguration(trx, { connectionId, dataType }))?.settings ?? {},
  )
  const version = isForTest ? null : next
  const inserted = await trx
    .insertInto('mappingVersions')
    .values({ districtId, connectionId, dataType, version, document: JSON.stringify(document), settings, createdBy })
    .returningAll()
    .executeTakeFirstOrThrow()
  return withDefaults(inserted)
}

export async function findMappingVersion(
  trx: Transaction<Database>,
  id: string,
): Promise<MappingVersionRow | undefined> {
  const row = await trx.selectFrom('mappingVersions').selectAll().where('id', '=', id).executeTakeFirst()
  return row && withDefaults(row)
}

export async function findConfiguration(
  trx: Transaction<Database>,
  key: ConfigurationKey,
): Promise<ConfigurationRow | undefined> {
  const [row] = await selectConfigurations(trx)
    .where('c.connectionId', '=', key.connectionId)
    .where('c.dataType', '=', key.dataType)
    .execute()
  return row && withDefaults(row)
}

/** The data types for which a connection has a configuration, enabled or not; in no order. */
export async function listConfiguredDataTypes(trx: Transaction<Database>, connectionId: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('importConfigurations')
    .select('dataType')
    .where('connectionId', '=', connectionId)
    .execute()
  return rows.map(({ dataType }) => dataType)
}

/** All configurations of a connection, enabled or not, by the names of their data types. */
export async function listConfigurations(
  trx: Transaction<Database>,
  connectionId: string,
): Promise<readonly ConfigurationRow[]> {
  const rows = await selectConfigurations(trx)
    .where('c.connectionId', '=', connectionId)
    .orderBy('c.dataType')
    .execute()
  return rows.map(withDefaults)
}

/** The configuration that is enabled to bring the records of a data type of a district: there is one at most. */
export async function findEnabledConfiguration(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType: string },
): Promise<ConfigurationRow | undefined> {
  const [row] = await selectConfigurations(trx)
    .where('c.districtId', '=', districtId)
    .where('c.dataType', '=', dataType)
    .where('c.isEnabled', '=', true)
    .where('c.bringsFields', '=', false)
    .execute()
  return row && withDefaults(row)
}

/**
 * Makes or replaces the configuration. Fails with a unique violation (`import_configurations_one_enabled`) when it
 * would be the second one enabled for its data type in the district; of those that bring fields alone (`bringsFields`, which a
 * configuration keeps) there may be any number.
 */
export async function upsertConfiguration(
  trx: Transaction<Database>,
  configuration: ConfigurationKey & {
    readonly districtId: string
    readonly mappingVersionId: string
    readonly isEnabled: boolean
    readonly bringsFields?: boolean
  },
): Promise<void> {
  const { districtId, connectionId, dataType, mappingVersionId, isEnabled, bringsFields = false } = configuration
  await trx
    .insertInto('importConfigurations')
    .values({ districtId, connectionId, dataType, mappingVersionId, isEnabled, bringsFields })
    .onConflict((conflict) =>
      conflict.columns(['connectionId', 'dataType']).doUpdateSet({ mappingVersionId, isEnabled }),
    )
    .execute()
}

/** Changes what is named of the settings and leaves the rest: a new version comes into force. */
export async function updateConfigurationSettings(
  trx: Transaction<Database>,
  key: ConfigurationKey,
  changes: Partial<ImportSettings>,
  createdBy: string,
): Promise<void> {
  const known = await findConfiguration(trx, key)
  if (known === undefined || Object.keys(changes).length === 0) return
  const { districtId, connectionId, dataType, isEnabled, mapping: document } = known
  const settings = { ...known.settings, ...changes }
  const of = { districtId, connectionId, dataType }
  const version = await insertMappingVersion(trx, { ...of, document, settings, createdBy })
  await upsertConfiguration(trx, { ...of, mappingVersionId: version.id, isEnabled })
}

function selectConfigurations(trx: Transaction<Database>) {
  return (
    trx
      .selectFrom('importConfigurations as c')
      .innerJoin('mappingVersions as m', 'm.id', 'c.mappingVersionId')
      .select(['c.districtId', 'c.connectionId', 'c.dataType', 'c.mappingVersionId', 'c.isEnabled'])
      .select(['m.document as mapping', 'm.settings'])
      // One without a number never comes into force.
      .select(({ fn }) => fn.coalesce('m.version', sql.lit(0)).as('mappingVersion'))
  )
}

function withDefaults<Row extends { settings: unknown }>(row: Row): Row & { settings: ImportSettings } {
  return { ...row, settings: ImportSettings.parse(row.settings) }
}
