import { setTimeout as sleep } from 'node:timers/promises'
import { RollbookFailure } from '../../../domain/errors.ts'
import { signOAuth1, type OAuth1Keys } from './oauth1.ts'
import { TokenKeeper, type OAuth2Client } from './oauth2.ts'
import { HttpBroken, sendRequest, type HttpAnswer, type HttpLimits } from './send-request.ts'

export type PageAuth =
  | ({ readonly kind: 'oauth1' } & OAuth1Keys)
  | ({ readonly kind: 'oauth2' } & OAuth2Client)
  /** A token that somebody gave us, and that stays. */
  | { readonly kind: 'bearer'; readonly token: string }

export type PageClientOptions = HttpLimits & {
  readonly auth: PageAuth
  /** Between two requests: a provider serves others besides us. */
  readonly pauseMs: number
}

/** Tries of one page here; then the step ends, and the workflow waits longer before the next. */
const tries = 4
const firstWaitMs = 1_000
/** A wait that is asked for and longer is the workflow's. */
const longestWaitMs = 60_000
const redirectsFollowed = 3

/**
 * Asks a source for pages, one at a time: signed, patient with one that is busy, and no faster than is polite. Throws
 * RollbookFailure: SOURCE_UNAVAILABLE when it may be tried later, SOURCE_REFUSED when somebody has to do something.
 */
export class PageClient {
  readonly #options: PageClientOptions
  readonly #tokens: TokenKeeper | undefined
  #lastAt = 0

  constructor(options: PageClientOptions) {
    this.#options = options
    this.#tokens = options.auth.kind === 'oauth2' ? new TokenKeeper(options.auth, options) : undefined
  }

  /**
   * An answer of any status below 500 but 401 and 429, redirects on the same host followed. One that is not `isWhole`
   * counts as none, whatever its status: it is asked for again.
   */
  async get(url: URL, isWhole: (answer: HttpAnswer) => boolean = () => true): Promise<HttpAnswer> {
    let isRenewed = false
    let reason = ''
    for (let attempt = 1; attempt <= tries; attempt++) {
      const answer = await this.#ask(url).catch((error: unknown) => {
        if (!(error instanceof HttpBroken)) throw error
        reason = error.message
        return undefined
      })
      if (answer?.status === 401) {
        // A token may be taken back in the middle of a reading; a second 401 is meant.
        if (this.#tokens === undefined || isRenewed) throw refused(401)
        this.#tokens.forget()
        isRenewed = true
        attempt -= 1
        continue
      }
      if (answer !== undefined) {
        const isBusy = answer.status === 429 || answer.status >= 500
        if (!isBusy && isWhole(answer)) return answer
        reason = isBusy ? `it answered ${answer.status}` : 'what it answered is no page, or not whole'
      }
      if (attempt === tries) break
      const waitMs = readRetryAfter(answer) ?? firstWaitMs * 2 ** (attempt - 1)
      if (waitMs > longestWaitMs) break
      await sleep(waitMs, undefined, { signal: this.#options.signal })
    }
    throw new RollbookFailure('SOURCE_UNAVAILABLE', `Several tries came to nothing: ${reason}.`)
  }

  async #ask(url: URL): Promise<HttpAnswer> {
    let at = url
    for (let followed = 0; ; followed++) {
      const answer = await this.#send(at)
      const { location } = answer.headers
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer
      const to = URL.canParse(location, at.href) ? new URL(location, at) : undefined
      // Somewhere else nobody has agreed to our credentials.
      if (to === undefined || to.origin !== url.origin || followed === redirectsFollowed) {
        throw new RollbookFailure(
          'SOURCE_REFUSED',
          'It redirects to another host; put that into the settings if it is meant.',
        )
      }
      at = to
    }
  }

  async #authorize(url: URL): Promise<string> {
    const { auth } = this.#options
    if (auth.kind === 'oauth1') return signOAuth1({ method: 'GET', url }, auth)
    return `Bearer ${auth.kind === 'bearer' ? auth.token : ((await this.#tokens?.get()) ?? '')}`
  }

  async #send(url: URL): Promise<HttpAnswer> {
    const pauseMs = this.#lastAt + this.#options.pauseMs - Date.now()
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: this.#options.signal })
    try {
      const authorization = await this.#authorize(url)
      return await sendRequest({ method: 'GET', url, headers: { authorization } }, this.#options)
    } finally {
      this.#lastAt = Date.now()
    }
  }
}

/** What is said of a status that no page has. */
export function refused(status: number): RollbookFailure {
  const why: Readonly<Record<number, string>> = {
    401: 'It does not take the credentials (401); look at key and secret, and at the signature method.',
    403: 'The credentials do not reach this (403); ask the provider for the scope.',
    404: 'There is nothing at this address (404); look at the base URL.',
  }
  return new RollbookFailure('SOURCE_REFUSED', why[status] ?? `It answered ${status}.`)
}

function readRetryAfter(answer: HttpAnswer | undefined): number | undefined {
  const header = answer?.headers['retry-after']
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
