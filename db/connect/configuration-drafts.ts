import type { Selectable, Transaction } from 'kysely'
import type { DraftChange, DraftMapping, DraftSettings } from '../../domain/mapping/configuration-draft.ts'
import type { Database } from '../database.ts'
import type { ConfigurationDrafts } from '../tables/connections.ts'
import type { ConfigurationKey } from './configurations.ts'

export type ConfigurationDraftRow = Selectable<ConfigurationDrafts>

/** So many of the last changes are told to whoever comes too late. */
const mostChanges = 50

export function findConfigurationDraft(
  trx: Transaction<Database>,
  { connectionId, dataType }: ConfigurationKey,
): Promise<ConfigurationDraftRow | undefined> {
  return trx
    .selectFrom('configurationDrafts')
    .selectAll()
    .where('connectionId', '=', connectionId)
    .where('dataType', '=', dataType)
    .executeTakeFirst()
}

/** The draft in its next revision, or the first. The caller holds the row of the connection (lockConnection), and has looked at the revision. */
export async function saveConfigurationDraft(
  trx: Transaction<Database>,
  before: ConfigurationDraftRow | undefined,
  draft: ConfigurationKey & {
    readonly districtId: string
    readonly basedOn: number | null
    readonly mapping: DraftMapping
    readonly settings: DraftSettings
    readonly places: readonly string[]
    readonly by: string
    readonly at: Date
  },
): Promise<ConfigurationDraftRow> {
  const { districtId, connectionId, dataType, basedOn, by, at } = draft
  const revision = (before?.revision ?? 0) + 1
  const change: DraftChange = { revision, by, at: at.toISOString(), places: draft.places }
  const values = {
    revision,
    basedOn,
    document: JSON.stringify(draft.mapping),
    settings: JSON.stringify(draft.settings),
    changes: JSON.stringify([...(before?.changes ?? []), change].slice(-mostChanges)),
    updatedBy: by,
    updatedAt: at,
  }
  return trx
    .insertInto('configurationDrafts')
    .values({ districtId, connectionId, dataType, ...values })
    .onConflict((conflict) => conflict.columns(['connectionId', 'dataType']).doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** False where there was none. */
export async function deleteConfigurationDraft(
  trx: Transaction<Database>,
  { connectionId, dataType }: ConfigurationKey,
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('configurationDrafts')
    .where('connectionId', '=', connectionId)
    .where('dataType', '=', dataType)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Keeps everybody else from changing the configurations of a connection until the transaction ends. */
export async function lockConnection(trx: Transaction<Database>, connectionId: string): Promise<void> {
  await trx.selectFrom('connections').select('id').where('id', '=', connectionId).forNoKeyUpdate().execute()
}
