import { randomBytes } from 'node:crypto'
import { jsonAnswer, Refusal, type Answer } from '../answer.ts'
import type { Version } from '../options.ts'
import { isOpened, listScopes, type Need } from './scopes.ts'

type Token = { readonly expiresAt: number; readonly scopes: ReadonlySet<string> }

export type TokenRequest = {
  readonly method: string
  readonly authorization: string | undefined
  readonly contentType: string | undefined
  readonly body: string
}

/** OAuth 2 client credentials (RFC 6749, 4.4), with tokens that end and can be taken back. */
export class TokenOffice {
  readonly #tokens = new Map<string, Token>()
  readonly #version: Version
  readonly #credentials: { readonly id: string; readonly secret: string }
  readonly #lifetimeSeconds: number
  readonly #offered: readonly string[]
  readonly #now: () => number
  /** How many tokens were given. */
  given = 0

  constructor(
    version: Version,
    credentials: { readonly id: string; readonly secret: string },
    options: { lifetimeSeconds: number; scopes: readonly string[] | undefined; now: () => number },
  ) {
    this.#version = version
    this.#credentials = credentials
    this.#lifetimeSeconds = options.lifetimeSeconds
    this.#offered = listScopes(version, options.scopes)
    this.#now = options.now
  }

  /** The answer of the token endpoint. */
  give(request: TokenRequest): Answer {
    if (request.method !== 'POST') return jsonAnswer(405, { error: 'invalid_request' }, { allow: 'POST' })
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.contentType ?? '')) {
      return jsonAnswer(400, { error: 'invalid_request', error_description: 'the body is no form' })
    }
    const form = new URLSearchParams(request.body)
    if (!this.#knows(request.authorization, form)) {
      return jsonAnswer(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="oneroster"' })
    }
    if (form.get('grant_type') !== 'client_credentials') return jsonAnswer(400, { error: 'unsupported_grant_type' })
    const asked = form.get('scope')?.split(' ').filter(Boolean) ?? []
    const known = new Set(listScopes(this.#version))
    if (asked.some((scope) => !known.has(scope))) return jsonAnswer(400, { error: 'invalid_scope' })
    const scopes = asked.length === 0 ? this.#offered : asked.filter((scope) => this.#offered.includes(scope))
    const token = randomBytes(24).toString('base64url')
    this.#tokens.set(token, { expiresAt: this.#now() + this.#lifetimeSeconds * 1000, scopes: new Set(scopes) })
    this.given += 1
    return jsonAnswer(
      200,
      { access_token: token, token_type: 'bearer', expires_in: this.#lifetimeSeconds, scope: scopes.join(' ') },
      { 'cache-control': 'no-store' },
    )
  }

  /** Throws a Refusal: 401 without a good token, 403 with one that is not for this. */
  verify(authorization: string | undefined, need: Need): void {
    const [, text] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? []
    const token = text === undefined ? undefined : this.#tokens.get(text)
    if (token === undefined || token.expiresAt <= this.#now()) {
      const why = text === undefined ? 'there is no token' : 'the token is not valid, or not any more'
      const error = text === undefined ? '' : ', error="invalid_token"'
      throw new Refusal(401, 'unauthorized', why, { 'www-authenticate': `Bearer realm="oneroster"${error}` })
    }
    if (!isOpened(this.#version, need, token.scopes)) {
      throw new Refusal(403, 'forbidden', 'the scope of the token does not reach this')
    }
  }

  /** Every token given so far is refused from now on. */
  revokeAll(): void {
    this.#tokens.clear()
  }

  #knows(authorization: string | undefined, form: URLSearchParams): boolean {
    const [, basic] = /^Basic\s+(\S+)$/i.exec(authorization ?? '') ?? []
    const [id, secret] =
      basic === undefined
        ? [form.get('client_id'), form.get('client_secret')]
        : Buffer.from(basic, 'base64').toString().split(/:(.*)/s)
    return id === this.#credentials.id && secret === this.#credentials.secret
  }
}
