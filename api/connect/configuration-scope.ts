import type { Context } from 'hono'
import type { Transaction } from 'kysely'
import type { Connector } from '../../connectors/connector.ts'
import { findConfigurationDraft, type ConfigurationDraftRow } from '../../db/connect/configuration-drafts.ts'
import { findConfiguration, type ConfigurationKey, type ConfigurationRow } from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { listOrgs } from '../../db/records/orgs.ts'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { isWholeText } from '../../domain/control-characters.ts'
import { documentVersion } from '../../domain/mapping/configuration-document.ts'
import type { DraftMapping, DraftSettings } from '../../domain/mapping/configuration-draft.ts'
import { lintConfiguration } from '../../domain/mapping/lint-configuration.ts'
import { enterConnection, type Scope } from '../access/scope.ts'
import type { AppEnvironment } from '../app-environment.ts'
import type { Configuration, ConfigurationLint } from '../contract/configuration.ts'
import type { Right } from '../contract/rights.ts'
import { Refusal } from '../failures.ts'
import type { DraftState } from './configuration-etag.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { getKnownConnector } from './make-connection.ts'

/** The configuration that a request is about; the caller has been found to have the right there. */
export type ConfigurationScope = Scope & {
  readonly key: ConfigurationKey
  readonly dataType: DataType
  readonly connector: Connector
  readonly caller: string
}

/** Throws a Refusal where there is no such connection, or its connector does not have the data type. */
export async function enterConfiguration(
  context: Context<AppEnvironment>,
  { id: connectionId, dataType: name }: { readonly id: string; readonly dataType: string },
  right: Right,
): Promise<ConfigurationScope> {
  const dataType = getKnownDataType(name)
  const scope = await enterConnection(context, connectionId, right)
  const connection = await withDistrict(context.get('parts').db, scope.districtId, (trx) =>
    findConnection(trx, connectionId),
  )
  const connector = connection && getKnownConnector(connection.connector)
  if (connector?.dataTypes.includes(name) !== true) throw noConfiguration()
  return { ...scope, key: { connectionId, dataType: name }, dataType, connector, caller: context.get('caller').name }
}

function noConfiguration(): Refusal {
  return new Refusal('NOT_FOUND', 'This connection has no configuration for the data type.')
}

/** The configuration with the version in force. Throws a Refusal where there is none. */
export async function getConfiguration(trx: Transaction<Database>, key: ConfigurationKey): Promise<ConfigurationRow> {
  const configuration = await findConfiguration(trx, key)
  if (configuration === undefined) throw noConfiguration()
  return configuration
}

/** What somebody is at, or the version in force to begin with; `row` where something is saved. Throws a Refusal where there is neither. */
export async function findDraft(
  trx: Transaction<Database>,
  key: ConfigurationKey,
): Promise<{
  readonly row: ConfigurationDraftRow | undefined
  readonly state: DraftState
  readonly mapping: DraftMapping
  readonly settings: DraftSettings
}> {
  const row = await findConfigurationDraft(trx, key)
  if (row !== undefined) return { row, state: row, mapping: row.document, settings: row.settings }
  const { mapping, settings, mappingVersion: basedOn } = await getConfiguration(trx, key)
  return { row, state: { revision: 0, basedOn, updatedAt: null, changes: [] }, mapping, settings }
}

export function toConfiguration(
  { district, connector }: Pick<ConfigurationScope, 'district' | 'connector'>,
  { connectionId: connection, dataType, mappingVersion, mapping, settings, isEnabled }: ConfigurationRow,
): Configuration {
  const of = { documentVersion, connection, district, connector: connector.id, dataType } as const
  return { ...of, mappingVersion, mapping, settings, isEnabled }
}

/** What is missing or contradictory (domain/mapping/lint-configuration.ts), with the orgs that the district has. */
export async function lintIn(
  trx: Transaction<Database>,
  { districtId, dataType, connector }: ConfigurationScope,
  configuration: { readonly mapping: DraftMapping; readonly settings: DraftSettings },
): Promise<ConfigurationLint> {
  const orgIds = (await listOrgs(trx, districtId)).map(({ id }) => id)
  const collections = connector.collections(dataType.name)
  const findings = [...lintConfiguration({ ...configuration, dataType, collections, orgIds })]
  return { isClean: findings.every(({ severity }) => severity !== 'error'), findings }
}

/** Throws a Refusal that names each place that keeps a configuration from being started. */
export function refuseUnclean({ isClean, findings }: ConfigurationLint): void {
  if (isClean) return
  const errors = findings.filter(({ severity }) => severity === 'error')
  throw new Refusal(
    'CONFIGURATION_INVALID',
    `${errors.length} ${errors.length === 1 ? 'place is' : 'places are'} missing or contradictory.`,
    errors.map(({ step, field, message }) => ({ path: field === null ? step : `${step}.${field}`, message })),
  )
}

/** PostgreSQL keeps no U+0000 and no half of a pair. */
export function refuseBrokenText(value: unknown): void {
  if (!holdsWholeText(value))
    throw new Refusal('REQUEST_INVALID', 'A text holds U+0000 or half of a character; leave it out.')
}

function holdsWholeText(value: unknown): boolean {
  if (typeof value === 'string') return isWholeText(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, item]) => isWholeText(name) && holdsWholeText(item))
}
