import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'
/** Standard Webhooks asks for 24 to 64 bytes. */
const [fewestBytes, mostBytes] = [24, 64]

export function makeWebhookSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

/** True for `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false
  const { length } = readKey(text)
  return length >= fewestBytes && length <= mostBytes
}

/**
 * The three headers of Standard Webhooks 1.0 for one attempt. With several secrets, while one takes the place of another,
 * there is a signature by each. `sentAt` is in the signature, so that a receiver can refuse what is old.
 */
export function signWebhook(
  { id, body, sentAt }: { readonly id: string; readonly body: string; readonly sentAt: Date },
  secrets: readonly string[],
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const seconds = String(Math.floor(sentAt.getTime() / 1000))
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', readKey(secret)).update(`${id}.${seconds}.${body}`).digest('base64')}`,
  )
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') }
}

function readKey(secret: string): Buffer {
  return Buffer.from(secret.slice(prefix.length), 'base64')
}
