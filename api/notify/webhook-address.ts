import { setTimeout as sleep } from 'node:timers/promises'
import { withDistrict } from '../../db/database.ts'
import { listDistricts } from '../../db/access/districts.ts'
import { listPlainWebhooks, sealPlainWebhook, type SealedAddress } from '../../db/notify/webhooks.ts'
import { findUrlProblem } from '../../platform/webhook-sender.ts'
import type { SecretSealer } from '../../platform/secret-sealer.ts'
import type { AppParts } from '../app-environment.ts'
import { Refusal } from '../failures.ts'

/** In the place of what is left out; no address that is to be posted to has it. */
const leftOut = '…'

/** Throws a Refusal for an address that would never be posted to. What a name leads to is looked at when it is used. */
export function checkWebhookUrl(url: string | undefined, allowsPrivate: boolean): void {
  const message = url === undefined ? undefined : findComplaint(url, allowsPrivate)
  if (message === undefined) return
  throw new Refusal('REQUEST_INVALID', 'See "errors" for the places.', [{ path: 'url', message }])
}

function findComplaint(url: string, allowsPrivate: boolean): string | undefined {
  if (url.includes(leftOut))
    return `is an address as it is shown, without what stands for "${leftOut}"; write it in full`
  const problem = findUrlProblem(url, { allowsPrivate })
  if (problem === undefined) return undefined
  return problem === 'URL_UNSAFE'
    ? 'must begin with https:// and hold no name and password'
    : 'is a private address; ROLLBOOK_WEBHOOK_ALLOW_PRIVATE allows those'
}

/** Why an address is taken here that a server as it is shipped refuses; empty where it takes it too. */
export function noteOnUrl(url: string | undefined): { readonly note?: string } {
  const problem = url === undefined ? undefined : findUrlProblem(url, { allowsPrivate: false })
  if (problem === undefined) return {}
  const what = problem === 'URL_UNSAFE' ? 'It is posted to without TLS' : 'It is a private address'
  return {
    note: `${what}, and taken because ROLLBOOK_WEBHOOK_ALLOW_PRIVATE is true on this server, as npm start sets it. Other servers refuse it.`,
  }
}

/**
 * The address as everybody may see it: scheme, host, and of the path what are words. Many receivers know a sender by a
 * token in the query or the path alone, so that whoever has the address may post in our name.
 */
export function showWebhookUrl(text: string): string {
  const url = new URL(text)
  const segments = url.pathname.split('/').slice(1)
  const words = segments.findIndex((segment) => !/^[a-z._-]{0,20}$/.test(segment))
  const isWhole = words === -1 && url.search === '' && url.hash === ''
  const path = (words === -1 ? segments : segments.slice(0, words)).join('/')
  const origin = `${url.protocol}//${url.host}/`
  if (isWhole) return origin + path
  return `${origin}${path}${words === -1 ? '?' : path === '' ? '' : '/'}${leftOut}`
}

/** Sealed for the webhook of this id. */
export function sealWebhookUrl(secrets: SecretSealer, webhookId: string, url: string): SealedAddress {
  const { sealed, keyId } = secrets.seal(url, `${webhookId}/url`)
  return { urlSealed: sealed, urlKeyId: keyId, urlShown: showWebhookUrl(url) }
}

/** Seals the addresses that an earlier release kept as they were, once; an outage is waited out. */
export async function sealPlainWebhooks(
  { db, secrets, log }: Pick<AppParts, 'db' | 'secrets' | 'log'>,
  signal: AbortSignal,
  { pauseMs = 10_000 } = {},
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const { id: districtId } of await listDistricts(db)) {
        await withDistrict(db, districtId, async (trx) => {
          for (const { id, url } of await listPlainWebhooks(trx)) {
            await sealPlainWebhook(trx, { id, url }, sealWebhookUrl(secrets, id, url))
          }
        })
      }
      return
    } catch (error) {
      log.warn({ err: error }, 'addresses of webhooks could not be sealed; it is tried again')
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
