import { createHmac, randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import type { StandInOptions, StandInSettings } from '../../../simulators/oneroster-rest/options.ts'
import { startOneRosterRest, type StandIn } from '../../../simulators/oneroster-rest/start.ts'
import { afterTest } from '../../harness/after-test.ts'

export type Row = Readonly<Record<string, unknown>> & { readonly sourcedId: string }
export type Got = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

/** A stand-in that goes with the test. */
export async function startStandIn(options: Partial<StandInOptions> = {}): Promise<StandIn> {
  const standIn = await startOneRosterRest({ district: { seed: 11, students: 120, studentsPerSchool: 60 }, ...options })
  afterTest(() => standIn.close())
  return standIn
}

/** Any request; rejects when the connection ends too early. */
export async function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; ca?: string | undefined } = {},
): Promise<Got> {
  const { method = 'GET', headers = {}, body, ca } = options
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, ...(ca === undefined ? {} : { ca }) }, (response) => {
      text(response).then((read) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: read, json: readJson(read) })
      }, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function readJson(read: string): Got['json'] {
  try {
    return JSON.parse(read) as Got['json'] // each test looks at what it needs
  } catch {
    return {}
  }
}

const encode = (part: string) =>
  [...Buffer.from(part)]
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')

/** The header of a two-legged OAuth 1.0a request, byte by byte after RFC 5849. */
export function signOAuth1(
  url: string,
  auth: { key: string; secret: string; signature: string },
  changes: Readonly<Record<string, string>> = {},
): string {
  const { origin, pathname, searchParams } = new URL(url)
  const oauth: Record<string, string> = {
    oauth_consumer_key: auth.key,
    oauth_nonce: randomUUID(),
    oauth_signature_method: auth.signature,
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    ...changes,
  }
  const pairs = [...searchParams, ...Object.entries(oauth)].map(([name, value]) => `${encode(name)}=${encode(value)}`)
  const base = `GET&${encode(origin + pathname)}&${encode(pairs.sort().join('&'))}`
  const hash = auth.signature === 'HMAC-SHA1' ? 'sha1' : 'sha256'
  const signature = createHmac(hash, `${encode(auth.secret)}&`)
    .update(base)
    .digest('base64')
  const all = Object.entries({ ...oauth, oauth_signature: signature })
  return `OAuth ${all.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`
}

/** A token by Basic authentication. */
export async function fetchToken({ auth, caCertificate }: StandInSettings, scope?: string): Promise<string> {
  if (auth.kind !== 'oauth2') throw new Error('the stand-in has no tokens')
  const got = await send(auth.tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${auth.clientId}:${auth.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    }).toString(),
    ca: caCertificate,
  })
  return String(got.json['access_token'])
}

/** Reads a provider as its settings say. */
export class StandInClient {
  readonly settings: StandInSettings
  #token: string | undefined

  constructor({ settings }: Pick<StandIn, 'settings'>) {
    this.settings = settings
  }

  get gradebookUrl(): string {
    return this.settings.baseUrl.replace('/rostering/', '/gradebook/')
  }

  /** `path` below the base, or a whole URL. */
  async get(path: string): Promise<Got> {
    const url = path.startsWith('http') ? path : `${this.settings.baseUrl}/${path}`
    const { auth, caCertificate } = this.settings
    if (auth.kind === 'oauth2') this.#token ??= await fetchToken(this.settings)
    const authorization = auth.kind === 'oauth1' ? signOAuth1(url, auth) : `Bearer ${this.#token ?? ''}`
    return send(url, { headers: { authorization }, ca: caCertificate })
  }

  /** Every row of a collection, by the next links. */
  async all(path: string, limit = 50): Promise<Row[]> {
    const rows: Row[] = []
    for (
      let url: string | undefined = `${path}${path.includes('?') ? '&' : '?'}limit=${String(limit)}`;
      url !== undefined;
    ) {
      const got: Got = await this.get(url)
      if (got.status !== 200) throw new Error(`${String(got.status)} ${got.text}`)
      rows.push(...rowsOf(got))
      url = nextOf(got)
    }
    return rows
  }

  forgetToken(): void {
    this.#token = undefined
  }
}

/** The only list of an answer. */
export function rowsOf({ json }: Got): Row[] {
  return (Object.values(json).find(Array.isArray) ?? []) as Row[] // the provider's own rows
}

export function nextOf({ headers }: Got): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(String(headers['link']))?.[1]
}
