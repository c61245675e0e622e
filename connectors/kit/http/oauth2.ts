import { RollbookFailure } from '../../../domain/errors.ts'
import { HttpBroken, sendRequest, type HttpLimits } from './send-request.ts'

export type OAuth2Client = {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string | undefined
  /** Whether the token endpoint wants id and secret in the form instead of a Basic header. */
  readonly sendsForm?: boolean | undefined
}

/** Renewed so long before its end: a page that is asked for with it should also be answered with it. */
const earlyMs = 60_000
const defaultLifetimeSeconds = 3600

/** Tokens by OAuth 2 client credentials (RFC 6749, 4.4); one is used for as long as it is good. */
export class TokenKeeper {
  readonly #client: OAuth2Client
  readonly #limits: HttpLimits
  #token = ''
  #renewAt = 0

  constructor(client: OAuth2Client, limits: HttpLimits) {
    this.#client = client
    this.#limits = limits
  }

  /** Throws HttpBroken, or RollbookFailure SOURCE_REFUSED when the client is not known. */
  async get(): Promise<string> {
    if (this.#token === '' || Date.now() >= this.#renewAt) await this.#renew()
    return this.#token
  }

  /** The provider took it back. */
  forget(): void {
    this.#token = ''
  }

  async #renew(): Promise<void> {
    const { tokenUrl, clientId, clientSecret, scope, sendsForm = false } = this.#client
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    if (scope !== undefined) form.set('scope', scope)
    if (sendsForm) {
      form.set('client_id', clientId)
      form.set('client_secret', clientSecret)
    }
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      ...(!sendsForm && { authorization: `Basic ${basic}` }),
    }
    const request = { method: 'POST', url: new URL(tokenUrl), headers, body: form.toString() } as const
    const { status, body } = await sendRequest(request, this.#limits)
    if (status === 429 || status >= 500) throw new HttpBroken(`the token endpoint answered ${status}`)
    const { token, seconds } = status === 200 ? readToken(body) : { token: '', seconds: 0 }
    if (token === '') {
      throw new RollbookFailure(
        'SOURCE_REFUSED',
        `The token endpoint gave no token (${status}); look at id and secret.`,
      )
    }
    this.#token = token
    // Of one that is short the half is used.
    this.#renewAt = Date.now() + Math.max(seconds * 500, seconds * 1000 - earlyMs)
  }
}

/** `expires_in` is a number, or the same as text. */
function readToken(body: Buffer): { readonly token: string; readonly seconds: number } {
  try {
    // Each part is looked at before it is used.
    const answer = JSON.parse(body.toString('utf8')) as { access_token?: unknown; expires_in?: unknown }
    const seconds = Number(answer.expires_in ?? defaultLifetimeSeconds)
    const token = typeof answer.access_token === 'string' ? answer.access_token : ''
    return { token, seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : defaultLifetimeSeconds }
  } catch {
    return { token: '', seconds: 0 }
  }
}
