import { createHmac, randomBytes } from 'node:crypto'

export type SignatureMethod = 'HMAC-SHA256' | 'HMAC-SHA1'

export type OAuth1Keys = { readonly key: string; readonly secret: string; readonly signature: SignatureMethod }

type Parameter = readonly [name: string, value: string]

/** The header `Authorization` of a request without a body, signed by two-legged OAuth 1.0a (RFC 5849). */
export function signOAuth1(
  { method, url }: { readonly method: string; readonly url: URL },
  { key, secret, signature }: OAuth1Keys,
  { nonce, seconds } = { nonce: randomBytes(16).toString('hex'), seconds: Math.floor(Date.now() / 1000) },
): string {
  const oauth: Parameter[] = [
    ['oauth_consumer_key', key],
    ['oauth_nonce', nonce],
    ['oauth_signature_method', signature],
    ['oauth_timestamp', String(seconds)],
    ['oauth_version', '1.0'],
  ]
  const signed = signBase(buildBaseString(method, url, oauth), signature, secret)
  const shown = [...oauth, ['oauth_signature', signed] as const].map(([name, value]) => `${name}="${encode(value)}"`)
  return `OAuth ${shown.join(', ')}`
}

/** What is signed (3.4.1): the method, the address without its query, and every parameter in one order. */
export function buildBaseString(method: string, url: URL, oauth: readonly Parameter[]): string {
  const parameters = [...readQuery(url.search), ...oauth]
    .map(([name, value]): Parameter => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
  // `origin` is in small letters, and without the port where it is that of the scheme.
  return [method.toUpperCase(), encode(url.origin + url.pathname), encode(parameters.join('&'))].join('&')
}

/** `tokenSecret` is empty where nobody but the client signs. */
export function signBase(base: string, method: SignatureMethod, secret: string, tokenSecret = ''): string {
  const algorithm = method === 'HMAC-SHA1' ? 'sha1' : 'sha256'
  return createHmac(algorithm, `${encode(secret)}&${encode(tokenSecret)}`)
    .update(base)
    .digest('base64')
}

/** As it is sent, decoded once: whatever the query's own spelling is, both sides sign the same. */
function readQuery(search: string): Parameter[] {
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
  return search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decode(name), decode(value.join('='))]
    })
}

/** RFC 3986: letters, digits and `-._~` stay. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
