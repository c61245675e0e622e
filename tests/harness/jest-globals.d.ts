import type * as jest from '@jest/globals'

/**
 * What jest-light-runner gives every test file. Their types are Jest's own; they cannot be imported as values, because
 * `@jest/globals` throws outside of Jest's usual runner.
 */
declare global {
  const describe: typeof jest.describe
  const it: typeof jest.it
  const test: typeof jest.test
  const expect: typeof jest.expect
  const beforeAll: typeof jest.beforeAll
  const beforeEach: typeof jest.beforeEach
  const afterEach: typeof jest.afterEach
  const afterAll: typeof jest.afterAll
}
