import { cpus } from 'node:os'
import { globSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { runCLI } from 'jest'
import type { z } from 'zod'
import { root } from '../stack/root.ts'
import { findTemporalCli } from '../stack/temporal/temporal-cli.ts'
import { getWorkflowBundle } from '../stack/code/workflow-bundle.ts'
import { runChecks } from './check.ts'
import { startTestPostgres, testPostgresVariable, type TestPostgresUrls } from './harness/postgres-server.ts'
import { startTestTemporal, testTemporalVariable } from './harness/temporal-server.ts'
import { hasFailed, listUnsteadyFiles } from './harness/unsteady-files.ts'

type Results = Awaited<ReturnType<typeof runCLI>>['results']

/**
 * `npm test [-- file … [-t name]]`: the checks, then every test file against one PostgreSQL and one Temporal server that
 * it starts. With files or globs only those run, without the checks; with a name (a regular expression) only the tests
 * of that name. Of all, what failed beside other files runs once more alone (0055). Ends with a line
 * `N passed, N failed`; exit code 1 when anything failed or nothing ran.
 */
const { positionals: patterns, values: asked } = parseArgs({
  allowPositionals: true,
  options: { testNamePattern: { type: 'string', short: 't' } },
})
const isAll = patterns.length === 0
const files = patterns.flatMap(findFiles)
const tally = { passed: 0, failed: 0 }
if (isAll) {
  if (await runChecks()) tally.passed += 1
  else tally.failed += 1
}
if (isAll || files.length > 0) await runFiles()
console.log(`\n${tally.passed} passed, ${tally.failed} failed`)
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0

/** What is named runs, also tests/histories/record.ts; Jest's own search knows the test files alone. Of a folder, its tests. */
function findFiles(pattern: string): string[] {
  const found = globSync(relative(root, join(process.cwd(), pattern)), { cwd: root }).map((path) => join(root, path))
  if (found.length === 0) console.error(`there is no test file ${pattern}`)
  return found.flatMap((path) =>
    statSync(path).isDirectory() ? globSync('**/*.test.ts', { cwd: path }).map((file) => join(path, file)) : [path],
  )
}

async function runFiles(): Promise<void> {
  const say = (text: string) => console.log(text)
  const executable = await findTemporalCli({ say })
  const [postgres, temporal, bundle] = await Promise.all([
    startTestPostgres(),
    startTestTemporal(executable),
    getWorkflowBundle(say),
  ])
  const stop = async () => {
    await Promise.all([postgres.stop(), temporal.stop()])
  }
  const stopOnSignal = () => void stop().finally(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, stopOnSignal)
  process.channel?.unref()
  try {
    await postgres.prepareTemplate()
    Object.assign(process.env, {
      // Tests that bundle workflows themselves: see stack/code/workflow-bundle.ts.
      XDG_CACHE_HOME: join(root, '.rollbook', 'cache'),
      ROLLBOOK_TEMPORAL_CLI: executable,
      ROLLBOOK_WORKFLOW_BUNDLE: bundle,
      [testPostgresVariable]: JSON.stringify({
        superuser: postgres.superuserUrl('postgres'),
        owner: postgres.ownerUrl('postgres'),
        app: postgres.appUrl('postgres'),
      } satisfies z.infer<typeof TestPostgresUrls>),
      [testTemporalVariable]: temporal.address,
    })
    await runTests()
  } finally {
    await stop()
  }
}

/** The processes of the test files inherit the environment. */
async function runTests(): Promise<void> {
  const first = await runJest(files)
  const again = isAll ? listUnsteadyFiles(first.testResults) : []
  if (again.length === 0) {
    count(first)
    return
  }
  console.log(
    `\nFailed beside other files, and run again alone: ${again.map((path) => relative(root, path)).join(', ')}`,
  )
  const second = await runJest(again, 1)
  for (const path of again) {
    const failsAgain = second.testResults.some((result) => result.testFilePath === path && hasFailed(result))
    console.log(`${relative(root, path)} ${failsAgain ? 'failed again' : 'passed alone: a race, to be mended'}`)
  }
  const passedAtOnce = first.testResults.filter(({ testFilePath }) => !again.includes(testFilePath))
  tally.passed += passedAtOnce.reduce((sum, { numPassingTests }) => sum + numPassingTests, 0)
  count(second)
}

function count(results: Results): void {
  tally.passed += results.numPassedTests
  // A file that dies or has no test counts as one failure.
  tally.failed += results.numFailedTests + results.numRuntimeErrorTestSuites
}

async function runJest(paths: string[], maxWorkers = Math.max(2, Math.floor(cpus().length / 2))): Promise<Results> {
  const isByPath = paths.length > 0
  const jest = { $0: 'npm test', _: paths, ...(isByPath && { runTestsByPath: true, testMatch: ['**/*.ts'] }) }
  const { results } = await runCLI({ ...jest, ...asked, maxWorkers }, [root])
  return results
}
