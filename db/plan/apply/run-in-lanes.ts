/**
 * Takes the items in order, `lanes` at a time. The first failure stops the taking; it is thrown when what was begun has
 * ended, so that nothing goes on behind the caller's back.
 */
export async function runInLanes<Item>(
  items: Iterable<Item>,
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const failures: unknown[] = []
  const runLane = async () => {
    while (failures.length === 0) {
      const next = queue.next()
      if (next.done === true) return
      try {
        await work(next.value)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, runLane))
  if (failures.length > 0) throw failures[0]
}
