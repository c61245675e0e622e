import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Webhooks, WebhookSecrets } from '../tables/notifications.ts'

export type WebhookRow = Selectable<Webhooks>
export type WebhookSecretRow = Selectable<WebhookSecrets>

/** An address that may hold a token, and what of it everybody may see. */
export type SealedAddress = { readonly urlSealed: Buffer; readonly urlKeyId: string; readonly urlShown: string }

/** Oldest first. */
export function listWebhooks(trx: Transaction<Database>, districtId: string): Promise<WebhookRow[]> {
  return trx
    .selectFrom('webhooks')
    .selectAll()
    .where('districtId', '=', districtId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

/** With an address that an earlier release kept as it was. */
export async function listPlainWebhooks(trx: Transaction<Database>): Promise<{ id: string; url: string }[]> {
  const rows = await trx.selectFrom('webhooks').select(['id', 'url']).where('url', 'is not', null).execute()
  return rows.map(({ id, url }) => ({ id, url: url ?? '' }))
}

/** Leaves one alone whose address was changed meanwhile. */
export async function sealPlainWebhook(
  trx: Transaction<Database>,
  { id, url }: { readonly id: string; readonly url: string },
  address: SealedAddress,
): Promise<void> {
  await trx
    .updateTable('webhooks')
    .set({ ...address, url: null })
    .where('id', '=', id)
    .where('url', '=', url)
    .execute()
}

export function findWebhook(trx: Transaction<Database>, webhookId: string): Promise<WebhookRow | undefined> {
  return trx.selectFrom('webhooks').selectAll().where('id', '=', webhookId).executeTakeFirst()
}

/** The id is given by the caller because the sealed address is bound to it. */
export function insertWebhook(
  trx: Transaction<Database>,
  webhook: SealedAddress & {
    readonly id: string
    readonly districtId: string
    readonly name: string
    readonly kinds: readonly string[] | null
  },
): Promise<WebhookRow> {
  const kinds = webhook.kinds === null ? null : [...webhook.kinds]
  return trx
    .insertInto('webhooks')
    .values({ ...webhook, kinds })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Enabling one that was disabled lets it begin afresh. Undefined when there is none of this id. */
export function updateWebhook(
  trx: Transaction<Database>,
  webhookId: string,
  change: {
    readonly name?: string
    readonly address?: SealedAddress
    readonly kinds?: readonly string[] | null
    readonly isEnabled?: boolean
  },
): Promise<WebhookRow | undefined> {
  const { kinds, isEnabled, address, ...rest } = change
  return trx
    .updateTable('webhooks')
    .set({
      ...rest,
      ...(address === undefined ? {} : { ...address, url: null }),
      ...(kinds === undefined ? {} : { kinds: kinds === null ? null : [...kinds] }),
      ...(isEnabled === undefined ? {} : { isEnabled, disabledReason: null, failingSince: null }),
      // An update without a column is not SQL.
      id: webhookId,
    })
    .where('id', '=', webhookId)
    .returningAll()
    .executeTakeFirst()
}

/** Its deliveries and secrets go with it. False when there was none. */
export async function deleteWebhook(trx: Transaction<Database>, webhookId: string): Promise<boolean> {
  const deleted = await trx.deleteFrom('webhooks').where('id', '=', webhookId).returning('id').executeTakeFirst()
  return deleted !== undefined
}

/** The id is given by the caller because the sealed secret is bound to it. */
export async function insertWebhookSecret(
  trx: Transaction<Database>,
  secret: {
    readonly id: string
    readonly districtId: string
    readonly webhookId: string
    readonly secretSealed: Buffer
    readonly keyId: string
  },
): Promise<void> {
  await trx.insertInto('webhookSecrets').values(secret).execute()
}

/** Lets the secrets that are good now end then, and forgets those that have ended. */
export async function expireWebhookSecrets(
  trx: Transaction<Database>,
  webhookId: string,
  expiresAt: Date,
): Promise<void> {
  await trx
    .updateTable('webhookSecrets')
    .set({ expiresAt: sql<Date>`least(expires_at, ${expiresAt})` })
    .where('webhookId', '=', webhookId)
    .execute()
  await trx
    .deleteFrom('webhookSecrets')
    .where('webhookId', '=', webhookId)
    .where('expiresAt', '<=', sql<Date>`now()`)
    .execute()
}

/** The secrets to sign with now, the newest first. */
export function listWebhookSecrets(trx: Transaction<Database>, webhookId: string): Promise<WebhookSecretRow[]> {
  return trx
    .selectFrom('webhookSecrets')
    .selectAll()
    .where('webhookId', '=', webhookId)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', sql<Date>`now()`)]))
    .orderBy('id', 'desc')
    .execute()
}

/** Keeps since when a webhook accepts nothing; an accepted delivery ends that. */
export async function updateWebhookHealth(
  trx: Transaction<Database>,
  webhookId: string,
  isWell: boolean,
): Promise<void> {
  await trx
    .updateTable('webhooks')
    .set({ failingSince: isWell ? null : sql<Date>`coalesce(failing_since, now())` })
    .where('id', '=', webhookId)
    .execute()
}

/** True when it was enabled until now. `failingForMs`: only if it has accepted nothing for so long. */
export async function disableWebhook(
  trx: Transaction<Database>,
  webhookId: string,
  { reason, failingForMs = 0 }: { readonly reason: string; readonly failingForMs?: number },
): Promise<boolean> {
  let query = trx
    .updateTable('webhooks')
    .set({ isEnabled: false, disabledReason: reason })
    .where('id', '=', webhookId)
    .where('isEnabled', '=', true)
  if (failingForMs > 0) {
    query = query.where('failingSince', '<=', sql<Date>`now() - make_interval(secs => ${failingForMs / 1000})`)
  }
  return (await query.returning('id').executeTakeFirst()) !== undefined
}
