import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import type { RunDocument } from '../../../api/contract/run.ts'
import { withClient } from '../../../stack/postgres/postgres.ts'
import type { Stack } from '../../../stack/stack.ts'
import type { Journal } from '../journal.ts'
import type { PatientApi } from '../patient-api.ts'
import { listProcessesOf, readPids } from './processes.ts'

/** Worker and API, ten connections each (ROLLBOOK_DATABASE_POOL_SIZE). */
const poolConnections = 20
/** What was broken off in the very last moment ends within this time. */
const settleMs = 3 * 60_000

/**
 * Looks, while nobody does anything, whether everything has come to an end: connections are idle and no more than the
 * pools have, every run is in a state with a reason, no step waits for another try, and four processes are alive. Gives
 * how many connections there are.
 */
export async function checkAtRest(
  parts: {
    readonly stack: Stack
    readonly api: PatientApi
    readonly directory: string
    readonly slugs: readonly string[]
  },
  journal: Journal,
): Promise<number> {
  const { stack, api, directory, slugs } = parts
  await settle('leaked connection', () => findBusyConnections(stack), journal)
  await settle('stuck', () => findStuckSteps(stack), journal)
  for (const slug of slugs) {
    const runs = await listRuns(api, slug)
    for (const run of runs) judgeRun(run, journal)
  }
  const names = Object.keys(readPids(stack))
  const alive = listProcessesOf(directory)
  if (alive.length !== names.length) {
    journal.fault('leaked process', 'stack', `expected ${names.join(', ')}, found ${JSON.stringify(alive)}`)
  }
  return (await listConnections(stack)).length
}

/** Every run of a district, the newest first. */
export async function listRuns(api: PatientApi, slug: string): Promise<RunDocument[]> {
  const runs: RunDocument[] = []
  for (let cursor = ''; ;) {
    const page = await api.get<{ items: RunDocument[]; nextCursor: string | null }>(
      `/api/runs?district=${slug}&limit=200${cursor}`,
    )
    runs.push(...page.items)
    if (page.nextCursor === null) return runs
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`
  }
}

const statesAtRest = new Set([
  ...['tested', 'held', 'discarded', 'completed', 'completedWithAlerts', 'unchanged', 'cancelled', 'undone'],
  'partlyUndone',
])

function judgeRun(run: RunDocument, journal: Journal): void {
  const who = `${run.district} ${run.runId}`
  if (!statesAtRest.has(run.state)) journal.fault('stuck', who, `is ${run.state} when nobody does anything`)
  const isExplained =
    run.state === 'held'
      ? (run.hold?.limits.length ?? 0) > 0
      : !['cancelled', 'discarded'].includes(run.state) || run.closedReason !== null || run.failure !== null
  if (!isExplained) journal.fault('no reason', who, `is ${run.state}, and nothing says why`)
  if (run.failure?.code === 'INTERNAL_ERROR') journal.fault('unexpected end', who, 'ended by INTERNAL_ERROR')
}

async function settle(
  kind: 'leaked connection' | 'stuck',
  find: () => Promise<readonly string[]>,
  journal: Journal,
): Promise<void> {
  let found: readonly string[] = []
  for (const began = Date.now(); Date.now() - began < settleMs; await sleep(1000)) {
    found = await find().catch((error: unknown) => [String(error)])
    if (found.length === 0) return
  }
  journal.fault(kind, 'at rest', `for three minutes: ${found.join('; ')}`)
}

type OpenConnection = {
  readonly pid: number
  readonly state: string
  readonly seconds: number
  readonly query: string
}

async function listConnections(stack: Stack): Promise<OpenConnection[]> {
  const { rows } = await withClient(stack.databaseUrl, (client) =>
    client.query<OpenConnection>(
      `select pid, state, extract(epoch from now() - state_change)::int as seconds, left(query, 80) as query
       from pg_stat_activity where usename = 'rollbook_app'`,
    ),
  )
  return rows
}

async function findBusyConnections(stack: Stack): Promise<string[]> {
  const rows = await listConnections(stack)
  const busy = rows.filter(({ state, seconds }) => state !== 'idle' && seconds >= 5)
  const words = busy.map(({ pid, state, seconds, query }) => `${pid} ${state} for ${seconds} s: ${query}`)
  return rows.length > poolConnections ? [...words, `${rows.length} connections`] : words
}

async function findStuckSteps(stack: Stack): Promise<string[]> {
  const connection = await Connection.connect({ address: stack.temporalAddress })
  try {
    const client = new Client({ connection })
    const stuck: string[] = []
    for await (const { workflowId, runId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
      const { raw } = await client.workflow
        .getHandle(workflowId, runId)
        .describe()
        .catch(() => ({ raw: { pendingActivities: [] } }))
      for (const { activityType, attempt, lastFailure } of raw.pendingActivities ?? []) {
        stuck.push(`${workflowId} ${activityType?.name ?? ''}, try ${attempt ?? 1}: ${lastFailure?.message ?? ''}`)
      }
    }
    return stuck
  } finally {
    await connection.close()
  }
}
