import { createRandom } from '../../simulators/oneroster-package/invented-people.ts'

/** Seeded chance. Each actor of a story has its own, so that what one of them does cannot change another's choices. */
export class Chance {
  readonly #random: () => number

  constructor(seed: number, actor: number) {
    this.#random = createRandom(seed, actor)
  }

  /** True so often of a hundred times. */
  percent(share: number): boolean {
    return this.#random() * 100 < share
  }

  /** From `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1))
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random() * items.length)]
    if (item === undefined) throw new RangeError('there is nothing to pick from')
    return item
  }

  /** One of the names, as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name {
    // Object.entries forgets the type of the keys.
    const entries = Object.entries(weights) as [Name, number][]
    let rest = this.#random() * entries.reduce((total, [, weight]) => total + weight, 0)
    for (const [name, weight] of entries) {
      rest -= weight
      if (rest < 0) return name
    }
    throw new RangeError('every weight is zero')
  }

  /** So many different ones, in the order in which they stand; all of them where there are no more. */
  some<Item>(items: readonly Item[], count: number): Item[] {
    const chosen = new Set<number>()
    while (chosen.size < Math.min(count, items.length)) chosen.add(this.between(0, items.length - 1))
    return items.filter((_, index) => chosen.has(index))
  }
}
