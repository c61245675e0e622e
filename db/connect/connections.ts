import type { Selectable, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Connections, NewSchools } from '../tables/connections.ts'

export type ConnectionRow = Selectable<Connections>

/** The id is given by the caller because the sealed settings are bound to it. */
export function insertConnection(
  trx: Transaction<Database>,
  connection: {
    readonly id: string
    readonly districtId: string
    readonly connector: string
    readonly name: string
    readonly settingsSealed: Buffer
    readonly keyId: string
    readonly fetchesInput: boolean
    readonly newSchools?: NewSchools
  },
): Promise<ConnectionRow> {
  return trx.insertInto('connections').values(connection).returningAll().executeTakeFirstOrThrow()
}

export function findConnection(trx: Transaction<Database>, connectionId: string): Promise<ConnectionRow | undefined> {
  return trx.selectFrom('connections').selectAll().where('id', '=', connectionId).executeTakeFirst()
}

/** Seals other settings into a connection: what was found of the old ones is no longer true of it. */
export async function updateConnection(
  trx: Transaction<Database>,
  connectionId: string,
  change: {
    readonly name?: string
    readonly settings?: { readonly sealed: Buffer; readonly keyId: string; readonly fetchesInput: boolean }
  },
): Promise<ConnectionRow | undefined> {
  const { name, settings } = change
  return trx
    .updateTable('connections')
    .set({
      ...(name !== undefined && { name }),
      ...(settings !== undefined && {
        ...{ settingsSealed: settings.sealed, keyId: settings.keyId, fetchesInput: settings.fetchesInput },
        ...{ status: 'notConfigured' as const, statusReason: null, checkedAt: null },
      }),
    })
    .where('id', '=', connectionId)
    .returningAll()
    .executeTakeFirst()
}

/** What a worker found in the settings; nothing where they were changed meanwhile. */
export async function noteFetchesInput(
  trx: Transaction<Database>,
  { id, settingsSealed }: Pick<ConnectionRow, 'id' | 'settingsSealed'>,
  fetchesInput: boolean,
): Promise<void> {
  await trx
    .updateTable('connections')
    .set({ fetchesInput })
    .where('id', '=', id)
    .where('settingsSealed', '=', settingsSealed)
    .execute()
}

/** Oldest first. */
export function listConnections(trx: Transaction<Database>, districtId: string): Promise<ConnectionRow[]> {
  return trx
    .selectFrom('connections')
    .selectAll()
    .where('districtId', '=', districtId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}
