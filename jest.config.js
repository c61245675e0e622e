/** `npm test` starts what the tests need and reads this; why so: docs/decisions/0020-jest-runs-the-tests.md. */
export default {
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.rollbook/'],
  // Node runs the files as they are, as in production.
  transform: {},
  runner: './tests/harness/process-per-file.ts',
  setupFilesAfterEnv: ['./tests/harness/tell-causes.ts'],
  cacheDirectory: '.rollbook/cache/jest',
  watchman: false,
}
