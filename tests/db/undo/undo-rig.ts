import { withDistrict } from '../../../db/database.ts'
import { findRecordHistory } from '../../../db/records/record-history.ts'
import { getRun } from '../../../db/import/runs.ts'
import { closeUndo } from '../../../db/undo/close-undo.ts'
import { findUndoThrough } from '../../../db/undo/find-undo-through.ts'
import { openUndo } from '../../../db/undo/open-undo.ts'
import { previewUndo } from '../../../db/undo/preview-undo.ts'
import { undoRun, type UndoRunRequest } from '../../../db/undo/undo-run.ts'
import { countUndoTotals, listUndoSkips } from '../../../db/undo/undo-totals.ts'
import { students } from '../../../domain/data-types/students.ts'
import type { InputFacts, Pupil, RosterRig } from '../roster-rig.ts'

const hour = 60 * 60 * 1000

/** The steps of an undo, as the activities take them, on a rig of the steps of an import. */
export function withUndo(rig: RosterRig) {
  const { db, districtId, owner } = rig
  const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) => withDistrict(db, districtId, work)
  const close = (runId: string) =>
    owner.query(
      `update import_runs set state = 'completed', started_at = created_at, finished_at = now(),
         undo_until = now() + interval '72 hours' where id = $1`,
      [runId],
    )
  const open = (runId: string) =>
    inDistrict((trx) => openUndo(trx, { runId, by: 'operator-7', reason: 'wrong file', now: new Date() }))
  const carryOut = async (undoId: string, options: Partial<UndoRunRequest> = {}) => {
    const { obstacle } = await undoRun(db, { districtId, runId: undoId, dataType: students, ...options })
    const end =
      obstacle === undefined ? ({ kind: 'done' } as const) : ({ kind: 'notCarriedOut', reason: obstacle } as const)
    const now = new Date()
    return inDistrict(async (trx) => {
      const undo = await closeUndo(trx, { runId: undoId, end, now, undoUntil: new Date(now.getTime() + 72 * hour) })
      const totals = await countUndoTotals(trx, undoId)
      const skipped = await listUndoSkips(trx, { runId: undoId, limit: 1000 })
      return { undoId, state: undo.state, closedReason: undo.closedReason, ...totals, skipped }
    })
  }
  return {
    close,
    open,
    carryOut,
    /** A whole import, closed. */
    async import(pupils: readonly Pupil[], facts: InputFacts = {}): Promise<string> {
      const { runId } = await rig.import(pupils, facts)
      await close(runId)
      return runId
    },
    /** A whole undo; throws with the obstacle when there is one. */
    async undo(runId: string, options: Partial<UndoRunRequest> = {}) {
      const opened = await open(runId)
      if ('obstacle' in opened) throw new Error(opened.obstacle)
      return carryOut(opened.undo.id, options)
    },
    preview: (runId: string) =>
      inDistrict(async (trx) => previewUndo(trx, students, { run: await getRun(trx, runId), limit: 1000 })),
    /** What has to be undone with the run, the newest first; throws with the obstacle when there is one. */
    listThrough: (runId: string) =>
      inDistrict(async (trx) => {
        const plan = await findUndoThrough(trx, await getRun(trx, runId), { now: new Date() })
        if ('obstacle' in plan) throw new Error(plan.obstacle.reason)
        return plan.runs.map(({ id }) => id)
      }),
    /** Of each of them, the newest first, as if the ones before it were done. */
    previewThrough: (runIds: readonly string[]) =>
      inDistrict(async (trx) => {
        const previews = []
        for (const [index, id] of runIds.entries()) {
          const options = { run: await getRun(trx, id), limit: 1000, later: runIds.slice(0, index) }
          previews.push(await previewUndo(trx, students, options))
        }
        return previews
      }),
    history: (recordId: string) => inDistrict((trx) => findRecordHistory(trx, students, recordId)),
    readRun: (runId: string) => inDistrict((trx) => getRun(trx, runId)),
    /** As a person would, by whatever tool. */
    async edit(sisId: string, assignment: string, by = 'Ms. Alder'): Promise<void> {
      await owner.query('begin')
      await owner.query(`select set_config('rollbook.edited_by', $1, true)`, [by])
      await owner.query(`update students set ${assignment} where sis_id = $1`, [sisId])
      await owner.query('commit')
    },
    /** Every value of every record as people are shown it, and nothing of how it came there. */
    async values(): Promise<Map<string, Record<string, unknown>>> {
      const { rows } = await owner.query<{ id: string; values: Record<string, unknown> }>(
        `select s.id, to_jsonb(s) - array['revision', 'updated_at', 'created_at', 'primary_digest', 'supplement_digest',
           'gathered_digest', 'edited_xid', 'connection_id', 'mapping_fingerprint', 'updated_run_id', 'created_run_id']
           || jsonb_build_object('school_id', o.source_key) as values
         from students s join orgs o on o.id = s.school_id order by s.id`,
      )
      return new Map(rows.map((row) => [row.id, row.values]))
    },
  }
}

export type UndoRig = ReturnType<typeof withUndo>
