import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../answer.ts'
import type { SignatureMethod } from '../options.ts'

export type SignedRequest = {
  readonly method: string
  /** Scheme and host as the client sees them. */
  readonly origin: string
  /** Path and query as they were sent. */
  readonly target: string
  readonly authorization: string | undefined
}

/** How far the clock of a client may be off. */
const clockSkewSeconds = 300

/** Two-legged OAuth 1.0a (RFC 5849): the signature of each request is computed again, a nonce is good once. */
export class OAuth1Verifier {
  readonly #seen = new Map<string, number>()
  readonly #key: string
  readonly #secret: string
  readonly #method: SignatureMethod
  readonly #now: () => number

  constructor(credentials: { id: string; secret: string }, method: SignatureMethod, now: () => number) {
    this.#key = credentials.id
    this.#secret = credentials.secret
    this.#method = method
    this.#now = now
  }

  /** Throws a Refusal that says what is wrong with the signature. */
  verify(request: SignedRequest): void {
    const given = parseAuthorization(request.authorization)
    const value = (name: string) => given.get(name) ?? refuse(`${name} is missing`)
    if (value('oauth_consumer_key') !== this.#key) refuse('the consumer key is unknown')
    if (value('oauth_signature_method') !== this.#method) refuse(`this provider wants ${this.#method}`)
    if ((given.get('oauth_version') ?? '1.0') !== '1.0') refuse('oauth_version is not 1.0')
    const timestamp = value('oauth_timestamp')
    const nowSeconds = Math.floor(this.#now() / 1000)
    if (!/^\d+$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > clockSkewSeconds) {
      refuse('the timestamp is not of now')
    }
    const nonce = value('oauth_nonce')
    const signature = Buffer.from(value('oauth_signature'), 'base64')
    const expected = sign(request, given, this.#secret, this.#method)
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      refuse('the signature does not match')
    }
    this.#remember(`${timestamp} ${nonce}`, nowSeconds)
  }

  #remember(use: string, nowSeconds: number): void {
    if (this.#seen.has(use)) refuse('the nonce was used before')
    this.#seen.set(use, nowSeconds)
    for (const [old, at] of this.#seen) {
      if (at >= nowSeconds - 2 * clockSkewSeconds) break
      this.#seen.delete(old)
    }
  }
}

function refuse(why: string): never {
  throw new Refusal(401, 'unauthorized', why, { 'www-authenticate': 'OAuth realm="oneroster"' })
}

function parseAuthorization(header: string | undefined): Map<string, string> {
  const [, parameters] = /^OAuth\s+(.*)$/is.exec(header ?? '') ?? refuse('there is no OAuth 1.0a signature')
  const given = new Map<string, string>()
  for (const part of (parameters ?? '').split(',')) {
    const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=\s*"([^"]*)"\s*$/.exec(part) ?? refuse('the header is damaged')
    if (given.has(name)) refuse(`${name} is there twice`)
    given.set(name, decode(value))
  }
  return given
}

function sign(
  request: SignedRequest,
  given: ReadonlyMap<string, string>,
  secret: string,
  method: SignatureMethod,
): Buffer {
  const [path = '', query = ''] = request.target.split(/\?(.*)/s)
  // However the client wrote the query, each name and value is decoded once and encoded anew (RFC 5849, 3.4.1.3).
  const parameters = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(/=(.*)/s).slice(0, 2))
    .map(([name = '', value = '']): [string, string] => [decodeForm(name), decodeForm(value)])
  for (const [name, value] of given) {
    if (name !== 'oauth_signature' && name !== 'realm') parameters.push([name, value])
  }
  const normalized = parameters
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const base = [request.method.toUpperCase(), encode(request.origin + path), encode(normalized)].join('&')
  return createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', `${encode(secret)}&`)
    .update(base)
    .digest()
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** RFC 3986: nothing but letters, digits and `-._~` stays. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decodeForm(text: string): string {
  return decode(text.replaceAll('+', ' '))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return refuse('a percent sign is not followed by two hexadecimal digits')
  }
}
