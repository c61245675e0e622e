/** Does the work for each item, so many at a time, begun in their order. Throws what the first failure throws. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  // One iterator for all: each takes the next item that nobody has taken.
  const queue = items.values()
  const takeTurns = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, takeTurns))
}
