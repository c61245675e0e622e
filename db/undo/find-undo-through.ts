import type { Transaction } from 'kysely'
import { kindOf, type RunKind } from '../../domain/import-run.ts'
import { findRunsThrough, findUndoableRuns } from '../../domain/undo/find-undoable-runs.ts'
import type { Database } from '../database.ts'
import { getRun, type RunRow } from '../import/runs.ts'
import { findOwnObstacle } from './find-own-obstacle.ts'
import { listChangingRuns } from './list-changing-runs.ts'

export type LaterRun = { readonly runId: string; readonly kind: RunKind }

/** Why a run cannot be undone, in words for whoever asked. */
export type UndoObstacle = {
  readonly reason: string
  /** What has to be undone first, the newest first, when that is what stands in the way. */
  readonly laterRuns?: readonly LaterRun[]
}

export type UndoThroughPlan =
  /** To be undone in this order, the newest first; the run itself is the last. */
  { readonly runs: readonly RunRow[] } | { readonly obstacle: UndoObstacle }

/**
 * What has to be undone so that this run is taken back with everything that changed the records since, or why that
 * cannot be, and of which run. Each of them must be within its undo window, or nothing is begun.
 */
export async function findUndoThrough(
  trx: Transaction<Database>,
  run: RunRow,
  { now }: { readonly now: Date },
): Promise<UndoThroughPlan> {
  const reason = await findOwnObstacle(trx, run, now)
  if (reason !== undefined) return { obstacle: { reason } }
  const ids = findRunsThrough(await listChangingRuns(trx, run), run.id)
  if (ids === undefined) return { obstacle: { reason: 'it changed no record' } }
  const later = await getRuns(trx, ids.slice(0, -1))
  const closed = await findClosed(trx, later, now)
  return closed === undefined ? { runs: [...later, run] } : { obstacle: { reason: closed } }
}

/** Why it is not the last one: names the runs that have to be undone first, and the command that takes them back with it. */
export async function findNewerChange(
  trx: Transaction<Database>,
  run: RunRow,
  now?: Date,
): Promise<UndoObstacle | undefined> {
  const runs = await listChangingRuns(trx, run)
  const undoable = findUndoableRuns(runs)
  if (undoable.includes(run.id)) return undefined
  const through = findRunsThrough(runs, run.id) ?? []
  const last = through[0] ?? undoable[0]
  if (last === undefined) return { reason: 'it changed no record' }
  const reason = `only the last run that changed the records can be undone, and that is ${last}`
  if (through.length === 0) return { reason }
  const later = await getRuns(trx, through.slice(0, -1))
  const laterRuns = later.map((one) => ({ runId: one.id, kind: kindOf(one) }))
  const closed = await findClosed(trx, later, now)
  return { reason: `${reason}; ${closed ?? describeThrough(run.id, laterRuns)}`, laterRuns }
}

/** A longer list is a page of its own: the problem has all of them. */
const maxNamed = 10

function describeThrough(runId: string, laterRuns: readonly LaterRun[]): string {
  const named = laterRuns.slice(0, maxNamed).map((later) => `${later.runId} (${kindWords[later.kind]})`)
  const more = laterRuns.length > maxNamed ? ` and ${laterRuns.length - maxNamed} more` : ''
  return `\`rollbook undo ${runId} --through\` takes it back with what came after it, the newest first: ${named.join(', ')}${more}`
}

const kindWords: Readonly<Record<RunKind, string>> = {
  import: 'import',
  resolution: 'decisions about duplicates',
  undo: 'undo',
}

async function getRuns(trx: Transaction<Database>, ids: readonly string[]): Promise<RunRow[]> {
  const runs: RunRow[] = []
  for (const id of ids) runs.push(await getRun(trx, id))
  return runs
}

/** The first of them that cannot be undone, and why. */
async function findClosed(
  trx: Transaction<Database>,
  runs: readonly RunRow[],
  now: Date | undefined,
): Promise<string | undefined> {
  for (const run of runs) {
    const reason = await findOwnObstacle(trx, run, now)
    if (reason !== undefined) return `run ${run.id} came after it and cannot be undone: ${reason}`
  }
  return undefined
}
