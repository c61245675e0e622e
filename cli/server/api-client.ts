import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../../api/contract/problem.ts'
import type { Page } from '../../api/contract/paging.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import type { ServerAddress } from '../server-address.ts'

const mostWaits = 10
const longestWaitSeconds = 60

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

type RequestOptions = {
  readonly query?: Query
  readonly json?: unknown
  readonly body?: Blob
  readonly headers?: Readonly<Record<string, string>>
}

/** The API refused, or could not be reached. `status` is 0 when it could not be reached. */
export class ApiFailure extends CommandFailure {
  readonly status: number
  readonly problem: Problem | undefined
  /** Somebody was there, and left before there was an answer. */
  readonly isBroken: boolean

  constructor(message: string, status: number, problem?: Problem, isBroken = false) {
    super(message, exitCodeOfStatus(status), status === 0 ? 'SERVER_UNREACHABLE' : 'ANSWER_UNREADABLE')
    this.status = status
    this.problem = problem
    this.isBroken = isBroken
  }

  /** True when the same request may well succeed a moment later. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

/** Usage the server found wrong is exit 2, an input or a step it refuses is 3, the rest is a failure of ours. */
function exitCodeOfStatus(status: number) {
  if (status === 400 || status === 404 || status === 501) return exitCodes.wrongUsage
  if (status === 409 || status === 410 || status === 412 || status === 413 || status === 422)
    return exitCodes.refusedOrCancelled
  return exitCodes.failed
}

function isPassing({ problem }: ApiFailure): boolean {
  return problem?.code === 'RATE_LIMITED' || problem?.code === 'IDEMPOTENCY_KEY_IN_USE'
}

/** Speaks to one server as one token. Every method throws an ApiFailure for anything but success. */
export class ApiClient {
  readonly #address: ServerAddress

  constructor(address: ServerAddress) {
    this.#address = address
  }

  /** Sends a request and gives the answer, whose body has not been read. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const url = new URL(path, this.#address.url)
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    const headers: Record<string, string> = { authorization: `Bearer ${this.#address.token}`, ...options.headers }
    let body: string | Blob | null = options.body ?? null
    if (options.json !== undefined) {
      headers['content-type'] = 'application/json'
      body = JSON.stringify(options.json)
    }
    for (let waits = 0; ; waits++) {
      let response: Response
      try {
        response = await fetch(url, { method, headers, body })
      } catch (error) {
        throw new ApiFailure(describeUnreachable(this.#address.url, error), 0, undefined, isBrokenLine(error))
      }
      if (response.ok) return response
      const failure = await readFailure(response)
      const waitSeconds = Number(response.headers.get('retry-after'))
      // Nothing was done, and the server says when it may be asked for again.
      if (!isPassing(failure) || waits === mostWaits || !(waitSeconds > 0 && waitSeconds <= longestWaitSeconds)) {
        throw failure
      }
      await sleep(waitSeconds * 1000)
    }
  }

  async get<Answer>(path: string, query: Query = {}): Promise<Answer> {
    return await this.#readJson(await this.send('GET', path, { query }))
  }

  async post<Answer>(path: string, json: unknown, query: Query = {}): Promise<Answer> {
    return await this.#readJson(await this.send('POST', path, { query, json }))
  }

  /** Sends a body that is no JSON, or by another method, and gives what is answered. */
  async sendForJson<Answer>(method: string, path: string, options: RequestOptions): Promise<Answer> {
    return await this.#readJson(await this.send(method, path, options))
  }

  async #readJson<Answer>(response: Response): Promise<Answer> {
    const text = await response.text().catch((error: unknown) => {
      throw new ApiFailure(describeUnreachable(this.#address.url, error), 0)
    })
    try {
      // The server checked its answer against the contract that these types come from.
      return JSON.parse(text) as Answer
    } catch {
      throw new ApiFailure(
        `What answers at ${this.#address.url} is not Rollbook: its answer is no JSON.`,
        response.status,
      )
    }
  }

  /** All items of a paged list, page by page. */
  async *pages<Item>(path: string, query: Query = {}): AsyncGenerator<readonly Item[]> {
    let cursor: string | null = null
    do {
      const page: Page<Item> = await this.get<Page<Item>>(path, { limit: 1000, ...query, cursor: cursor ?? undefined })
      yield page.items
      cursor = page.nextCursor
    } while (cursor !== null)
  }
}

function describeUnreachable(url: string, error: unknown): string {
  const code = findCode(error) ?? 'no answer'
  return `The server at ${url} cannot be reached (${code}). Is it running? \`npm start\` starts one; ROLLBOOK_URL names another.`
}

function findCode(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
}

/** What Node and its fetch say of a connection that was there. */
function isBrokenLine(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(findCode(error) ?? '')
}

async function readFailure(response: Response): Promise<ApiFailure> {
  const text = await response.text().catch(() => '')
  const problem = parseProblem(text)
  if (problem === undefined) {
    return new ApiFailure(`The server answered ${response.status} without saying why.`, response.status)
  }
  const places = (problem.errors ?? []).map(({ path, message }) => `\n  ${path}: ${message}`).join('')
  // The places say what `detail` sums up.
  const words = places === '' ? `${problem.title} ${problem.detail}` : problem.title
  return new ApiFailure(`${words} [${problem.code}]${places}`, response.status, problem)
}

function parseProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isProblem = typeof value === 'object' && value !== null && 'code' in value && 'detail' in value
    // Shape looked at in the line above; a proxy's own page fails it.
    return isProblem ? (value as Problem) : undefined
  } catch {
    return undefined
  }
}
