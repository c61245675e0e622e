/** Of Jest's result of one file. */
type FileResult = {
  readonly testFilePath: string
  readonly numFailingTests: number
  readonly testExecError?: unknown
}

/** More than so many at once is no race between two files: something is broken, and a second run would only take time. */
const most = 3

/** Whether a test of the file failed, or the file could not be run. */
export function hasFailed({ numFailingTests, testExecError }: FileResult): boolean {
  return numFailingTests > 0 || (testExecError ?? null) !== null
}

/** The files that failed in a run of all and are few enough to be run once more, alone (0055). */
export function listUnsteadyFiles(results: readonly FileResult[]): string[] {
  const failed = results.filter(hasFailed).map(({ testFilePath }) => testFilePath)
  return failed.length > most ? [] : failed
}
