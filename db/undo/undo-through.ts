import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { insertAuditEntry } from '../access/audit.ts'
import { lockRun, type RunRow } from '../import/runs.ts'
import type { UndoThroughs } from '../tables/undo.ts'
import { findUndoThrough } from './find-undo-through.ts'

export type UndoThroughRow = Selectable<UndoThroughs>

export type UndoThroughRequest = {
  /** Of the wish: asked again under the same id it is the same one. */
  readonly id: string
  /** The oldest run to take back. */
  readonly runId: string
  /** What was shown to whoever confirmed it, the newest first: more than that is not taken back. */
  readonly runIds: readonly string[]
  readonly by: string
  readonly reason: string
  /** When it was asked for; what the undo windows are judged by. */
  readonly askedAt: Date
}

/**
 * Judges a wish to take a run back with everything that changed the records since, and writes it down with the runs it
 * is about. What cannot be is written down as well, stopped with the reason, so that whoever asked finds it. An open one
 * of the same run lost its workflow, or this one would not have been started: it is closed.
 */
export async function openUndoThrough(
  trx: Transaction<Database>,
  request: UndoThroughRequest,
): Promise<UndoThroughRow> {
  const { id, runId, by, reason, askedAt: now } = request
  const run = await lockRun(trx, runId)
  if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
  const earlier = await trx.selectFrom('undoThroughs').selectAll().where('id', '=', id).executeTakeFirst()
  if (earlier !== undefined) return earlier
  const lost = await trx
    .selectFrom('undoThroughs')
    .select('id')
    .where('runId', '=', runId)
    .where('state', '=', 'undoing')
    .executeTakeFirst()
  if (lost !== undefined) await closeUndoThrough(trx, { id: lost.id, now, stoppedReason: lostReason })
  const obstacle = await findObstacle(trx, run, request)
  const { districtId } = run
  const runIds = [...request.runIds]
  await insertAuditEntry(trx, {
    districtId,
    actor: by,
    action: 'requestUndoThrough',
    subject: { runId, runIds, reason },
  })
  const stopped = obstacle !== undefined && { state: 'stopped' as const, stoppedReason: obstacle, finishedAt: now }
  return trx
    .insertInto('undoThroughs')
    .values({ id, districtId, runId, runIds, requestedBy: by, ...stopped })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Why one is closed whose workflow somebody ended in Temporal. */
export const lostReason = 'its workflow was ended in Temporal before it was over; ask again to go on'

async function findObstacle(
  trx: Transaction<Database>,
  run: RunRow,
  { runIds, askedAt }: UndoThroughRequest,
): Promise<string | undefined> {
  // Against the end of their windows, which lets go of what is needed: from here on it waits.
  for (const id of runIds) await lockRun(trx, id)
  const plan = await findUndoThrough(trx, run, { now: askedAt })
  if ('obstacle' in plan) return plan.obstacle.reason
  const found = plan.runs.map(({ id }) => id)
  if (found.join() === runIds.join()) return undefined
  const newer = found.find((id) => !runIds.includes(id))
  return newer === undefined
    ? 'some of what was to be taken back was undone meanwhile; look at the preview again'
    : `run ${newer} changed the records meanwhile; look at the preview again`
}

/** Ends it, once: with a reason it was stopped, and what it had not come to is as it was. */
export async function closeUndoThrough(
  trx: Transaction<Database>,
  { id, now, stoppedReason }: { readonly id: string; readonly now: Date; readonly stoppedReason: string | null },
): Promise<void> {
  await trx
    .updateTable('undoThroughs')
    .set({ state: stoppedReason === null ? 'done' : 'stopped', stoppedReason, finishedAt: now })
    .where('id', '=', id)
    .where('state', '=', 'undoing')
    .execute()
}

/** The last wish to take back this run and what came after it. */
export function findUndoThroughOf(trx: Transaction<Database>, runId: string): Promise<UndoThroughRow | undefined> {
  return trx
    .selectFrom('undoThroughs')
    .selectAll()
    .where('runId', '=', runId)
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Those of the transaction's district that have not ended, the oldest first. */
export function listOpenUndoThroughs(trx: Transaction<Database>): Promise<UndoThroughRow[]> {
  return trx.selectFrom('undoThroughs').selectAll().where('state', '=', 'undoing').orderBy('createdAt').execute()
}

/** True while the run is one of those that are being taken back one after the other. */
export async function isInOpenThrough(trx: Transaction<Database>, { id }: Pick<RunRow, 'id'>): Promise<boolean> {
  const { rows } = await sql`
    select from undo_throughs where state = 'undoing' and ${id} = any (run_ids) limit 1`.execute(trx)
  return rows.length > 0
}
