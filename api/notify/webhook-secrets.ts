import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { insertWebhookSecret } from '../../db/notify/webhooks.ts'
import type { SecretSealer } from '../../platform/secret-sealer.ts'
import { isWebhookSecret, makeWebhookSecret } from '../../platform/webhook-signature.ts'
import { Refusal } from '../failures.ts'

/** Seals the wanted secret, or a new one, and keeps it. Gives the secret, to be shown this once. */
export async function addWebhookSecret(
  trx: Transaction<Database>,
  secrets: SecretSealer,
  { districtId, webhookId, secret }: { districtId: string; webhookId: string; secret: string | undefined },
): Promise<string> {
  const chosen = secret ?? makeWebhookSecret()
  if (!isWebhookSecret(chosen)) {
    const message = 'a secret is "whsec_" and the base64 of 24 to 64 bytes'
    throw new Refusal('REQUEST_INVALID', 'See "errors" for the places.', [{ path: 'secret', message }])
  }
  const id = randomUUID()
  const { sealed, keyId } = secrets.seal(chosen, id)
  await insertWebhookSecret(trx, { id, districtId, webhookId, secretSealed: sealed, keyId })
  return chosen
}
