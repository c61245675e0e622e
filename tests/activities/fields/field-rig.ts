import assert from 'node:assert/strict'
import type { RunRef } from '../../../activities/interface.ts'
import { withDistrict } from '../../../db/database.ts'
import { getRun } from '../../../db/import/runs.ts'
import { previewUndo } from '../../../db/undo/preview-undo.ts'
import { students } from '../../../domain/data-types/students.ts'
import type { PackagePupil } from '../../fixtures/pupil-package.ts'
import { useImportRig } from '../import-rig.ts'

/** How a run ended, and what it said. */
export type FieldEnd = {
  readonly run: RunRef
  readonly state: string
  /** `I-01 error line 3`, in the order in which they are told. */
  readonly told: readonly string[]
  readonly limits: readonly string[]
  readonly refusal: string | undefined
  /** `action id`, with the reason of a skip. */
  readonly plan: readonly string[]
}

/** Twelve pupils with the ids `00101` … `00112`. */
export const pupils: readonly PackagePupil[] = Array.from({ length: 12 }, (_, at) => ({ id: `s${at}` }))
const idOf = (pupil: string) =>
  pupil.replace(/^no-s(\d+)$/, (_, at: string) => String(101 + Number(at)).padStart(5, '0'))

/** A district whose SIS brings twelve pupils, and connections that bring fields of them. */
export function useFieldRig() {
  const rig = useImportRig()

  const finish = async (run: RunRef): Promise<FieldEnd> => {
    await rig.step('openRun', run)
    const { isUsable } = await rig.step('stageRun', run)
    let limits: readonly string[] = []
    if (!isUsable) await rig.close(run, { kind: 'refused' })
    else {
      const plan = await rig.step('buildPlan', run)
      limits = plan.metLimits.map(({ limit }) => limit)
      const { isTest } = await rig.readRun(run)
      if (isTest) await rig.close(run, { kind: 'tested' })
      else if (plan.keptBack === 'none') await apply(run)
      else await rig.step('holdForReview', { ...run, metLimits: plan.metLimits })
    }
    return show(run, limits)
  }
  const apply = async (run: RunRef) => {
    const applied = await rig.step('applyPlan', { ...run, part: 'all' })
    if (applied.kind === 'applied') await rig.close(run, { kind: 'applied' })
    return applied.kind
  }
  const show = async (run: RunRef, limits: readonly string[]): Promise<FieldEnd> => {
    const { state, failure } = await rig.readRun(run)
    const told = await rig.ask(`select rule || ' ' || severity || coalesce(' line ' || line, '') as told
      from run_findings where run_id = '${run.runId}' order by seq`)
    const plan = await rig.ask(`select p.action || ' ' || s.source_key || coalesce(' ' || p.reason, '') as row
      from plan_rows p join staged_students s on s.run_id = p.run_id and s.seq = p.seq
      where p.run_id = '${run.runId}' order by s.line`)
    return {
      ...{ run, state, limits, refusal: failure?.detail },
      told: (told as { told: string }[]).map((one) => one.told),
      plan: (plan as { row: string }[]).map(({ row }) => row),
    }
  }

  return {
    rig,
    apply,
    /** An import of the SIS, to its end. */
    bringPupils: async (some: readonly PackagePupil[] = pupils, comment = '') => {
      const rewrite = (cell: string) => (cell.startsWith('no-') ? idOf(cell) : cell)
      return finish(await rig.giveRun(await rig.givePupils({ pupils: some, rewrite, comment })))
    },
    /** A connection of fields, found by the id of the SIS unless told. */
    addFields: (
      columns: Readonly<Record<string, string>>,
      { name = 'counselors', matchBy = 'sisId', more = {} } = {},
    ) =>
      rig.addConnection({
        ...{ connector: 'csv', name },
        settings: { mappings: { students: { matchBy, columns: { [matchBy]: 'Student ID', ...columns } } }, ...more },
      }),
    /** A file of fields, up to where a person would be asked. */
    bringFields: async (
      connectionId: string,
      rows: readonly string[],
      { header = 'Student ID,Homeroom', isTest = false } = {},
    ) => {
      const input = await rig.giveContent(Buffer.from([header, ...rows].join('\n')))
      return finish(await rig.giveRun(input, { connectionId, isTest }))
    },
    finish,
    /** A field by the id of the SIS, of those that are not blank. */
    read: async (field: string) => {
      const rows = await rig.ask(
        `select sis_id, ${field} as value from students where ${field} is not null order by sis_id`,
      )
      return Object.fromEntries(
        (rows as { sis_id: string; value: string }[]).map(({ sis_id, value }) => [sis_id, value]),
      )
    },
    /** Everything of every record. */
    snapshot: () => rig.ask('select * from students order by sis_id'),
    undo: async ({ districtId, runId }: RunRef) => {
      const opened = await rig.step('openUndo', { districtId, runId, by: 'operator-7', reason: 'a wrong file' })
      if (opened.kind !== 'opened') return { obstacle: opened.reason }
      const undo = { districtId, runId: opened.undoRunId }
      const { obstacle } = await rig.step('carryOutUndo', undo)
      assert.equal(obstacle, null)
      await rig.step('closeUndo', { ...undo, outcome: { kind: 'done' } })
      const { state } = await rig.readRun({ districtId, runId })
      return { state }
    },
    preview: ({ runId }: RunRef) =>
      withDistrict(rig.db, rig.districtId, async (trx) =>
        previewUndo(trx, students, { run: await getRun(trx, runId), limit: 100 }),
      ),
  }
}
