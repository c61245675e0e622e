import { setTimeout as sleep } from 'node:timers/promises'
import type { Journal } from './journal.ts'
import type { Weather } from './trouble/weather.ts'

/** How long something may be unanswered, or be under way, before it counts as stuck. A busy machine is not a failure. */
export const patienceMs = 10 * 60_000

export type Answer = { readonly status: number; readonly text: string }

export class Stuck extends Error {}

/**
 * The API as somebody calls it who asks again when the line breaks. What it answers of itself is noted: a failure that
 * nobody foresaw is wrong always, one of the surroundings is wrong in fair weather.
 */
export class PatientApi {
  readonly #url: string
  readonly #token: string
  readonly #journal: Journal
  readonly #weather: Weather

  constructor(stack: { readonly url: string; readonly token: string }, journal: Journal, weather: Weather) {
    this.#url = stack.url
    this.#token = stack.token
    this.#journal = journal
    this.#weather = weather
  }

  /** The first answer that is not of the 5xx. Throws `Stuck` when there is none for ten minutes. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    for (const began = Date.now(); Date.now() - began < patienceMs;) {
      const answer = await this.try(method, path, body, headers)
      if (answer !== undefined && answer.status < 500) return answer
      await sleep(1000)
    }
    throw new Stuck(`${method} ${path} had no answer for ten minutes`)
  }

  /** One try; undefined when the line broke. */
  async try(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer | undefined> {
    const asked = Date.now()
    const isBytes = Buffer.isBuffer(body)
    try {
      const response = await fetch(this.#url + path, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body !== undefined && { 'content-type': isBytes ? 'application/zip' : 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
        signal: AbortSignal.timeout(90_000),
      })
      const text = await response.text()
      if (response.status >= 500)
        this.#judge(asked, `${method} ${path}: ${response.status} ${text.slice(0, 300)}`, text)
      return { status: response.status, text }
    } catch {
      this.#journal.count('API: broken answers')
      return undefined
    }
  }

  /** The document of an answer that must be a good one. */
  async get<Document>(path: string): Promise<Document> {
    const { status, text } = await this.call('GET', path)
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text.slice(0, 300)}`)
    return JSON.parse(text) as Document // the server checked it against its contract
  }

  #judge(asked: number, words: string, text: string): void {
    this.#journal.count('API: answers of the 5xx')
    const isForeseen = !text.includes('INTERNAL_ERROR')
    if (isForeseen && this.#weather.isTroubled(asked, Date.now())) return
    this.#journal.fault('failed answer', 'api', words)
  }
}
