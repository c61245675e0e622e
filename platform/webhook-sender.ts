import { lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPrivateAddress } from './private-addresses.ts'

export type WebhookRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | undefined }
  /** `HTTP_ECONNREFUSED`, `HTTP_TIMEOUT`, `ADDRESS_PRIVATE`, `URL_UNSAFE`. */
  | { readonly kind: 'failed'; readonly code: string }

export type WebhookSender = (request: WebhookRequest) => Promise<WebhookAnswer>

const defaultTimeLimitMs = 15_000
/** Enough for a polite answer to end the connection well; what is in it is not kept. */
const maxAnswerBytes = 16_384
const longestRetryAfterMs = 24 * 60 * 60 * 1000

/**
 * Posts webhooks. Follows no redirect, and reaches no private address unless `allowsPrivate`, whatever a name resolves
 * to: the address that was looked at is the one that is connected to. Never throws for what the other side does.
 */
export function createWebhookSender(options: {
  readonly allowsPrivate: boolean
  readonly timeLimitMs?: number
}): WebhookSender {
  const { allowsPrivate, timeLimitMs = defaultTimeLimitMs } = options
  return async ({ url, headers, body }) => {
    const problem = findUrlProblem(url, options)
    if (problem !== undefined) return { kind: 'failed', code: problem }
    const signal = AbortSignal.timeout(timeLimitMs)
    return await new Promise((resolve) => {
      const fail = (error: Error): void => {
        const code = 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED'
        if (error instanceof PrivateAddressError) resolve({ kind: 'failed', code: 'ADDRESS_PRIVATE' })
        else resolve({ kind: 'failed', code: signal.aborted ? 'HTTP_TIMEOUT' : `HTTP_${code}` })
      }
      // By the scheme as it is read: HTTPS:// is https.
      const send = new URL(url).protocol === 'https:' ? requestSecure : requestPlain
      const request = send(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'rollbook-webhooks/1' },
        // No connection is kept: the next attempt may be a day later.
        agent: false,
        signal,
        ...(allowsPrivate ? {} : { lookup: lookupPublic }),
      })
      request.on('error', fail)
      request.on('response', (response) => {
        const status = response.statusCode ?? 0
        const answer = {
          kind: 'answered',
          status,
          retryAfterMs: readRetryAfter(response.headers['retry-after']),
        } as const
        let received = 0
        response.on('data', (piece: Buffer) => {
          received += piece.length
          if (received > maxAnswerBytes) response.destroy()
        })
        // However its body goes on, the status has been given.
        response.on('error', () => undefined)
        response.on('close', () => {
          resolve(answer)
        })
      })
      request.end(body)
    })
  }
}

/** Why this address is never posted to; undefined when it may be. A name is looked at again when it is resolved. */
export function findUrlProblem(
  text: string,
  { allowsPrivate }: { readonly allowsPrivate: boolean },
): 'URL_UNSAFE' | 'ADDRESS_PRIVATE' | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== '' || url.password !== '') return 'URL_UNSAFE'
  if (url.protocol !== 'https:' && !(allowsPrivate && url.protocol === 'http:')) return 'URL_UNSAFE'
  // An address in place of a name is never looked up, so it is looked at here.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isPrivate = isIP(host) === 0 ? /(^|\.)localhost\.?$/i.test(host) : isPrivateAddress(host)
  return isPrivate && !allowsPrivate ? 'ADDRESS_PRIVATE' : undefined
}

class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
}

/** One private address among several is enough to refuse: which one would be taken is chance. */
const lookupPublic: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '')
    } else if (addresses.length === 0 || addresses.some(({ address }) => isPrivateAddress(address))) {
      callback(new PrivateAddressError('the name leads to a private address'), '')
    } else if (options.all === true) {
      callback(null, addresses)
    } else {
      callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
    }
  })
}

function readRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, longestRetryAfterMs) : undefined
}
