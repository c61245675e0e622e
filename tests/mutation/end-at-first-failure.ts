import fc from 'fast-check'

/**
 * Loaded before each test file that judges a mutant: the first failure is the verdict, and neither the tests after it
 * nor the search for a smaller example of it are waited for.
 */
fc.configureGlobal({ endOnFailure: true })

type Define = (...given: unknown[]) => unknown
const defined = { it, test, beforeAll, beforeEach } as unknown as Record<string, Define> // called as they were
for (const [name, define] of Object.entries(defined)) {
  const ending: Define = (...given) => define(...given.map((one) => (typeof one === 'function' ? endAfter(one) : one)))
  Object.assign(globalThis, { [name]: Object.assign(ending, define) })
}

function endAfter(body: unknown): () => Promise<void> {
  return async () => {
    try {
      await (body as () => unknown)() // a test or hook, which takes nothing
    } catch (error) {
      console.error(error)
      process.exit(1)
    }
  }
}
