import type { Answer } from '../answer.ts'
import type { Version } from '../options.ts'
import type { Place } from '../query/link-header.ts'
import type { Json } from '../query/parse-filter.ts'
import type { FaultName } from './registry.ts'

/** A fault as somebody asks for it. What is left out is as the fault has it by itself. */
export type FaultRequest = {
  readonly name: FaultName
  /** Only where the path ends so, as `users`; everywhere by default. */
  readonly collection?: string
  /** From 1; each page has so many rows as the client may have at once. */
  readonly page?: number
  /** How often, then never again. */
  readonly times?: number
  /** What the fault measures by: `rows`, `by`, `ms`, `seconds`. */
  readonly rows?: number
  readonly by?: number
  readonly ms?: number
  readonly seconds?: number
}

export type FaultNumbers = { readonly rows: number; readonly by: number; readonly ms: number; readonly seconds: number }

/** The page that is asked for. */
export type Page = {
  readonly version: Version
  /** Below the base, as it was sent: `schools/school-001/students`. */
  readonly path: string
  /** The last part of it. */
  readonly collection: string
  readonly number: number
  readonly offset: number
  readonly limit: number
}

/** Which rows a page gets: where the one at `position` comes from, among how many. */
export type View = { readonly size: number; source(position: number): number }

/** What a fault changes. Each part is asked only when the fault is due on the page. */
export type FaultKind = {
  /** For people, in one line. */
  readonly about: string
  /** Without it: on every page. */
  readonly page?: number
  /** Without it: always. */
  readonly times?: number
  readonly numbers?: Partial<FaultNumbers>
  /** No page has more rows. */
  cap?(numbers: FaultNumbers): number
  /** Instead of the page. */
  refuse?(page: Page, numbers: FaultNumbers): Answer
  /** The tokens given so far are worth nothing from now on. */
  readonly revokesTokens?: true
  readonly ignoresFilter?: true
  /** There is nothing to do wrong where no filter is. */
  readonly isOfFilters?: true
  /** Once the page was served, the collection is another for whoever reads on. */
  move?(size: number, numbers: FaultNumbers): View
  /** This page alone gets other rows. */
  view?(page: Page, size: number): View
  /** `at` from 0, in the page. */
  row?(row: Json, at: number): Json
  envelope?(plural: string, page: Page): string
  total?(total: number, numbers: FaultNumbers): number | undefined
  /** The URL behind rel="next"; null for no `Link` at all. */
  next?(place: Place, urlOf: (offset: number) => string): string | null
  body?(text: string): string
  /** Before anything is sent. */
  waitMs?(numbers: FaultNumbers): number
  /** The body ends in its middle, or nobody is there for `ms`. */
  readonly connection?: 'cut' | 'refused'
  /** Can be chosen only when the stand-in starts. */
  readonly isOfStart?: true
}
