import type { FaultKind, FaultNumbers, FaultRequest, Page, View } from './fault.ts'
import { faultKinds } from './registry.ts'

type Armed = { readonly request: FaultRequest; readonly kind: FaultKind; readonly numbers: FaultNumbers; left: number }

/** A fault that is due on a page, with what it measures by. */
export type Due = { readonly kind: FaultKind; readonly numbers: FaultNumbers }

/** The faults of the moment, and how often each may still come. */
export class ArmedFaults {
  #armed: Armed[] = []
  /** Path → how its rows stand since a page moved them. */
  readonly #moved = new Map<string, Armed>()

  constructor(requests: readonly FaultRequest[]) {
    this.replace(requests)
  }

  /** Other faults; what earlier ones moved is in its old place again. */
  replace(requests: readonly FaultRequest[]): void {
    this.#moved.clear()
    this.#armed = requests.map((request) => {
      const kind = faultKinds[request.name]
      const { rows = 0, by = 0, ms = 0, seconds = 0 } = { ...kind.numbers, ...request }
      return { request, kind, numbers: { rows, by, ms, seconds }, left: request.times ?? kind.times ?? Infinity }
    })
  }

  list(): { readonly fault: FaultRequest; readonly left: number | null }[] {
    return this.#armed.map(({ request, left }) => ({ fault: request, left: Number.isFinite(left) ? left : null }))
  }

  /** The cap on rows has no page: pages are what it makes. */
  cap(collection: string): number {
    const caps = this.#armed.map(({ request, kind, numbers }) => {
      return request.collection === undefined || request.collection === collection ? kind.cap?.(numbers) : undefined
    })
    return Math.min(...caps.map((cap) => cap ?? Infinity))
  }

  /** Those due on this page; each is counted as having come. */
  take(page: Page, hasFilter: boolean): Due[] {
    const due = this.#armed.filter(({ request, kind, left }) => {
      const pageNumber = request.page ?? kind.page
      const isHere = request.collection === undefined || request.collection === page.collection
      const isMeant = kind.isOfFilters !== true || hasFilter
      return left > 0 && isHere && isMeant && (pageNumber === undefined || pageNumber === page.number)
    })
    for (const one of due) one.left -= 1
    return due
  }

  /** How the rows of the path stand before this page is served. */
  viewOf(page: Page, size: number, due: readonly Due[]): View {
    const moved = this.#moved.get(page.path)
    const standing = moved?.kind.move?.(size, moved.numbers) ?? { size, source: (position: number) => position }
    const view = due.map(({ kind }) => kind.view?.(page, standing.size)).find((one) => one !== undefined)
    if (view === undefined) return standing
    return { size: view.size, source: (position) => standing.source(view.source(position)) }
  }

  /** To be told when the page was served. */
  pageServed(page: Page, due: readonly Due[]): void {
    const mover = this.#armed.find((one) => one.kind.move !== undefined && due.includes(one))
    if (mover !== undefined) this.#moved.set(page.path, mover)
  }
}
