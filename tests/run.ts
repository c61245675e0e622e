import { cpus } from 'node:os'
import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import type { z } from 'zod'
import { root } from '../stack/root.ts'
import { findTemporalCli } from '../stack/temporal-cli.ts'
import { getWorkflowBundle } from '../stack/workflow-bundle.ts'
import { runChecks } from './check.ts'
import { startTestPostgres, testPostgresVariable, type TestPostgresUrls } from './harness/postgres-server.ts'
import { startTestTemporal, testTemporalVariable } from './harness/temporal-server.ts'

/**
 * `npm test [-- file …]`: the checks, then every test file against one PostgreSQL and one Temporal server that it
 * starts. With files or globs only those run, without the checks. Ends with a line `N passed, N failed`; exit code 1
 * when anything failed or nothing ran.
 */
const patterns = process.argv.slice(2)
const files = findTestFiles(patterns)
const tally = { passed: 0, failed: 0 }
if (patterns.length === 0) count(await runChecks())
if (files.length > 0) await runFiles(files)
console.log(`\n${tally.passed} passed, ${tally.failed} failed`)
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0

function count(isPassed: boolean): void {
  if (isPassed) tally.passed += 1
  else tally.failed += 1
}

function findTestFiles(asked: readonly string[]): string[] {
  const globs = asked.length > 0 ? asked.map((path) => relative(root, join(process.cwd(), path))) : ['**/*.test.ts']
  const exclude = (name: string) => name === 'node_modules' || name === '.rollbook'
  return globSync(globs, { cwd: root, exclude })
    .map((path) => join(root, path))
    .sort()
}

async function runFiles(paths: string[]): Promise<void> {
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
    await runTests(paths, {
      ...process.env,
      // Tests that bundle workflows themselves: see stack/workflow-bundle.ts.
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
  } finally {
    await stop()
  }
}

async function runTests(paths: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const events = run({
    files: paths,
    cwd: root,
    env,
    concurrency: Math.max(2, Math.floor(cpus().length / 2)),
    execArgv: ['--import', join(root, 'tests', 'harness', 'deadline.ts')],
  })
  // A suite passes with its tests; only what makes a statement is counted. A file that dies counts as one failure.
  const isStatement = (details: { type?: string | undefined }) => details.type === 'test' || details.type === undefined
  events.on('test:pass', ({ details, skip, todo }) => {
    if (isStatement(details) && skip === undefined && todo === undefined) count(true)
  })
  events.on('test:fail', ({ details, todo }) => {
    if (isStatement(details) && todo === undefined) count(false)
  })
  for await (const text of events.compose(new spec())) process.stdout.write(String(text))
}
