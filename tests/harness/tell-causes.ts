import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'

/**
 * Loaded before each test file. jest-light-runner prints the stack of what a test throws and nothing else of it: the
 * cause of an error and the words of the database would be lost, and with them what a property test found.
 */
const told = { it, test, beforeAll, beforeEach, afterEach, afterAll }
for (const [name, define] of Object.entries(told)) Object.assign(globalThis, { [name]: tellingAll(define) })

function tellingAll<Define extends (...given: never[]) => unknown>(define: Define): Define {
  return new Proxy(define, {
    apply: (target, self, given: readonly unknown[]): unknown =>
      Reflect.apply(
        target,
        self,
        given.map((one) => (isFunction(one) ? telling(one) : one)),
      ),
  })
}

function telling(body: (...given: unknown[]) => unknown): () => Promise<void> {
  // It would be a callback that the test has to call: whoever takes one by habit would wait for ever.
  if (body.length > 0) throw new Error('a test or hook is given nothing: it returns a promise when it takes time')
  return async () => {
    try {
      await body()
    } catch (error) {
      const isAssertion = error instanceof AssertionError || (error instanceof Error && 'matcherResult' in error)
      throw isAssertion ? error : Object.assign(new Error(), { stack: inspect(error) })
    }
  }
}

function isFunction(given: unknown): given is (...given: unknown[]) => unknown {
  return typeof given === 'function'
}
