/** How long after a trouble has ended its consequences are still its own. */
const afterMs = 45_000

/**
 * Says whether there is trouble at a moment: what the product may not do in fair weather it may do in a storm, such as
 * answering that the database is away.
 */
export class Weather {
  readonly #troubles: { readonly from: number; until: number }[] = []

  /** Begins a trouble; the function that is given ends it. */
  begin(): () => void {
    const trouble = { from: Date.now(), until: Infinity }
    this.#troubles.push(trouble)
    return () => (trouble.until = Date.now())
  }

  /** Whether any of that time was troubled. */
  isTroubled(from: number, until: number): boolean {
    return this.#troubles.some((trouble) => trouble.from <= until && trouble.until + afterMs >= from)
  }
}
