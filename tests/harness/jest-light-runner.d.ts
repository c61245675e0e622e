declare module 'jest-light-runner' {
  import type { GlobalConfig } from 'jest'
  import type { TestFile } from './process-per-file.ts'

  /** What of it is used here; the package brings no types. */
  export function createRunner(): new (globalConfig: GlobalConfig) => {
    runTests(
      files: readonly TestFile[],
      watcher: undefined,
      onStart: (file: TestFile) => Promise<void>,
      onResult: (file: TestFile, result: object) => void,
      onFailure: (file: TestFile, error: unknown) => void,
    ): Promise<void>
  }
}
