import type { RowView } from '../../csv/row-view.ts'
import { readCell } from './cell-text.ts'

/** Whatever is older is a clock that was never set. */
const earliestMs = Date.UTC(1970, 0, 1)
const dayMs = 24 * 60 * 60 * 1000

/**
 * A `dateLastModified` as milliseconds; undefined where it says nothing. One that lies ahead of `latestMs` would make
 * every later change look old.
 */
export function readChangeTime(row: RowView, cell: number, latestMs: number): number | undefined {
  const ms = Date.parse(readCell(row, cell))
  return ms >= earliestMs && ms <= latestMs ? ms : undefined
}

/** The latest time that is believed, `today` being the district's day: a day of grace for clocks, and one because times are UTC. */
export function latestChangeTime(today: string): number {
  return Date.parse(today) + 2 * dayMs
}

/** The newest time of change among the rows it is shown. Nearly all of a file have few different ones. */
export class NewestChange {
  readonly #latestMs: number
  #text = ''
  #ms: number | undefined

  constructor(latestMs: number) {
    this.#latestMs = latestMs
  }

  see(row: RowView, cell: number): void {
    const text = readCell(row, cell)
    if (text === this.#text || text === '') return
    this.#text = text
    const ms = readChangeTime(row, cell, this.#latestMs)
    if (ms !== undefined && (this.#ms === undefined || ms > this.#ms)) this.#ms = ms
  }

  /** In ISO 8601 and UTC; undefined where no row said a time. */
  get time(): string | undefined {
    return this.#ms === undefined ? undefined : new Date(this.#ms).toISOString()
  }
}
