import type { withDistrict } from '../../db/database.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { findUndoOf } from '../../db/undo/find-own-obstacle.ts'
import { kindOf } from '../../domain/import-run.ts'
import { countUndoTotals, listUndoSkips } from '../../db/undo/undo-totals.ts'
import type { UndoneRunDocument } from '../contract/undo.ts'
import { toUnnamed } from './name-skips.ts'

export type Trx = Parameters<Parameters<typeof withDistrict>[2]>[0]

/** More would be a document nobody reads; `skippedCount` tells how many there are. */
export const maxSkipped = 10_000

/** What the undo of this run did, or has done so far; undefined when there is none. */
export async function readUndoneRun(trx: Trx, id: string): Promise<UndoneRunDocument | undefined> {
  const undo = await findUndoOf(trx, id)
  const target = await findRun(trx, id)
  if (undo === undefined || target === undefined) return undefined
  const skipped = toUnnamed(await listUndoSkips(trx, { runId: undo.id, limit: maxSkipped }))
  const totals = await countUndoTotals(trx, undo.id)
  return { runId: undo.id, undoOf: id, kind: kindOf(target), state: stateOf(undo, target), ...totals, skipped }
}

function stateOf(undo: RunRow, target: RunRow): UndoneRunDocument['state'] {
  if (undo.state === 'cancelled') return 'stopped'
  return target.state === 'undone' || target.state === 'partlyUndone' ? target.state : 'undoing'
}

/** Several undos as the one of the run that was asked for: its own id, and the figures of all of them. */
export function addUp(
  runs: readonly UndoneRunDocument[],
  { undoOf, kind, state }: Pick<UndoneRunDocument, 'undoOf' | 'kind' | 'state'>,
): UndoneRunDocument {
  const sum = (name: 'reverted' | 'madeInactive' | 'skippedCount'): number =>
    runs.reduce((total, run) => total + run[name], 0)
  return {
    runId: runs.find((run) => run.undoOf === undoOf)?.runId ?? null,
    undoOf,
    kind,
    state,
    reverted: sum('reverted'),
    madeInactive: sum('madeInactive'),
    skipped: runs.flatMap(({ skipped }) => skipped).slice(0, maxSkipped),
    skippedCount: sum('skippedCount'),
  }
}
