import type { Beside } from '../rows/row-record.ts'

const mostKept = 50_000

/**
 * What stands beside rows, made once for each text that it is made of: a school has thousands of users with the same roles
 * and orgs.
 */
export class Besides {
  readonly #known = new Map<string, Beside>()

  get(key: string, make: () => Beside): Beside {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make()
    if (this.#known.size < mostKept) this.#known.set(key, made)
    return made
  }
}
