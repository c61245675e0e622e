export type LoggedRequest = {
  readonly at: string
  readonly method: string
  /** Below the base, as `schools/school-001/students`. */
  readonly path: string
  readonly offset: number
  readonly limit: number
  readonly page: number
  readonly filter: string | null
  /** The status that was sent, or what happened to the connection. */
  readonly outcome: number | 'cut' | 'refused'
}

/** How often one page was asked for. */
export type PageCount = Pick<LoggedRequest, 'path' | 'offset' | 'limit' | 'page' | 'filter'> & {
  readonly count: number
  readonly outcomes: readonly LoggedRequest['outcome'][]
}

const keptRequests = 20_000

/** Which page was asked for, how often and with what end. The latest requests are kept one by one, counts for good. */
export class RequestLog {
  #requests: LoggedRequest[] = []
  #counts = new Map<string, PageCount>()

  add(request: LoggedRequest): void {
    this.#requests.push(request)
    if (this.#requests.length > keptRequests) this.#requests = this.#requests.slice(-keptRequests / 2)
    const { path, offset, limit, page, filter, outcome } = request
    const key = JSON.stringify([path, offset, limit, filter])
    const { count, outcomes } = this.#counts.get(key) ?? { count: 0, outcomes: [] }
    this.#counts.set(key, { path, offset, limit, page, filter, count: count + 1, outcomes: [...outcomes, outcome] })
  }

  requests(): readonly LoggedRequest[] {
    return this.#requests
  }

  pages(): PageCount[] {
    return [...this.#counts.values()]
  }

  clear(): void {
    this.#requests = []
    this.#counts.clear()
  }
}
