import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { withClient } from '../../stack/postgres/postgres.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'
import { startTestPostgres, testPostgresVariable } from '../harness/postgres-server.ts'
import type { Answer, Order } from '../harness/process-per-file.ts'
import { TreeCopy } from './tree-copy.ts'

/** What a test file said of the tree as it stands in the copy. */
export type Verdict = {
  readonly outcome: 'passed' | 'failed' | 'timedOut'
  readonly tookMs: number
  readonly said: string
}

export type Courtroom = {
  readonly copy: TreeCopy
  /** Runs one test file in the copy, up to its first failure. */
  readonly ask: (testFile: string, limitMs: number) => Promise<Verdict>
  readonly close: () => Promise<void>
}

/** A copy of the tree, and one PostgreSQL for all that is asked about it. */
export async function openCourtroom(): Promise<Courtroom> {
  const directory = makeTemporaryDirectory()
  const copy = new TreeCopy(join(directory.path, 'tree'))
  const postgres = await startTestPostgres()
  await postgres.prepareTemplate()
  const [superuser, owner, app] = [postgres.superuserUrl, postgres.ownerUrl, postgres.appUrl].map((url) =>
    url('postgres'),
  )
  const environment = {
    [testPostgresVariable]: JSON.stringify({ superuser, owner, app }),
    // Half of a short test file's time is reading the same modules again.
    NODE_COMPILE_CACHE: join(directory.path, 'compiled'),
  }
  const configs = readConfigs(copy.path)
  let asked: ChildProcess | undefined
  return {
    copy,
    ask: async (testFile, limitMs) => {
      asked = startFile(copy.path, environment)
      try {
        return await awaitVerdict(asked, { path: join(copy.path, testFile), ...configs }, limitMs)
      } finally {
        asked = undefined
        await dropDatabases(postgres.superuserUrl('postgres'))
      }
    },
    close: async () => {
      if (asked !== undefined) endGroup(asked)
      await postgres.stop()
      directory.remove()
    },
  }
}

/** Jest's own start would take as long as a short test file: what it gives to the process of a file is asked for once. */
function readConfigs(cwd: string): Omit<Order, 'path'> {
  const setups = ['tests/harness/tell-causes.ts', 'tests/mutation/end-at-first-failure.ts']
  const options = [...setups.map((path) => `--setupFilesAfterEnv=./${path}`), '--showConfig']
  const shown = execFileSync(process.execPath, [join('node_modules', 'jest', 'bin', 'jest.js'), ...options], { cwd })
  const { configs, globalConfig } = JSON.parse(shown.toString()) as {
    // as Jest documents it
    configs: [Order['config']]
    globalConfig: Order['globalConfig']
  }
  return { config: configs[0], globalConfig }
}

function startFile(cwd: string, environment: Readonly<Record<string, string>>): ChildProcess {
  // A group of its own, so that what a test file started can be ended with it.
  return fork(join(cwd, 'tests', 'harness', 'run-file.ts'), [], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    detached: true,
  })
}

async function awaitVerdict(child: ChildProcess, order: Order, limitMs: number): Promise<Verdict> {
  const startedMs = performance.now()
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  }
  const late = AbortSignal.timeout(Math.ceil(limitMs))
  const end = () => endGroup(child)
  late.addEventListener('abort', end)
  let answer: Answer | undefined
  child.once('message', (message) => {
    answer = message as Answer // it comes from run-file.ts alone
  })
  child.send(order)
  await once(child, 'close')
  // Its number may be another process by then.
  late.removeEventListener('abort', end)
  const outcome = late.aborted ? 'timedOut' : child.exitCode === 0 && hasPassed(answer) ? 'passed' : 'failed'
  return { outcome, tookMs: performance.now() - startedMs, said }
}

function hasPassed(answer: Answer | undefined): boolean {
  if (answer === undefined || 'failure' in answer) return false
  const { numPassingTests, numFailingTests } = answer.result as { numPassingTests: number; numFailingTests: number }
  return numPassingTests > 0 && numFailingTests === 0
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself at this moment.
  }
}

/** Those of tests that ended before they could drop theirs. */
async function dropDatabases(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where starts_with(datname, 'test_')`,
    )
    for (const { datname } of rows) await client.query(`drop database if exists "${datname}" with (force)`)
  })
}
