import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Fault = { readonly at: string; readonly kind: FaultKind; readonly words: string }

/** What can be wrong, one kind for each promise that a soak looks at. */
export type FaultKind =
  | 'tables differ'
  | 'unexpected end'
  | 'stuck'
  | 'no reason'
  | 'unknown run'
  | 'refused'
  | 'failed answer'
  | 'leaked connection'
  | 'leaked handle'
  | 'leaked process'
  | 'memory grows'
  | 'stack gave up'
  | 'defect in a log'
  | 'story broke off'

/** The story as it was told, in a file line by line, with what went wrong and how often what was done. */
export class Journal {
  readonly directory: string
  readonly faults: Fault[] = []
  readonly counts: Record<string, number> = {}
  readonly #file: string

  constructor(directory: string) {
    this.directory = directory
    mkdirSync(directory, { recursive: true })
    this.#file = join(directory, 'story.log')
    writeFileSync(this.#file, '')
  }

  tell(who: string, words: string): void {
    appendFileSync(this.#file, `${new Date().toISOString()} ${who}: ${words}\n`)
  }

  count(what: string, by = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + by
  }

  fault(kind: FaultKind, who: string, words: string): void {
    this.faults.push({ at: new Date().toISOString(), kind, words: `${who}: ${words}` })
    this.tell(who, `WRONG, ${kind}: ${words}`)
    console.error(`soak: ${kind}: ${who}: ${words}`)
  }
}
