import { randomUUID } from 'node:crypto'
import { withDistrict } from '../../../db/database.ts'
import { adoptCases } from '../../../db/resolution/adopt-cases.ts'
import { decideCases } from '../../../db/resolution/decide-cases.ts'
import { listCases } from '../../../db/resolution/list-cases.ts'
import { openResolution } from '../../../db/resolution/open-resolution.ts'
import { openUnmerge } from '../../../db/resolution/open-unmerge.ts'
import { planResolution } from '../../../db/resolution/plan-resolution.ts'
import { settleResolution } from '../../../db/resolution/settle-resolution.ts'
import { getRun } from '../../../db/import/runs.ts'
import { students } from '../../../domain/data-types/students.ts'
import type { CaseDecision } from '../../../domain/duplicate-case.ts'
import { ImportSettings } from '../../../domain/plan/import-settings.ts'
import { withUndo } from '../undo/undo-rig.ts'
import { rosterParts, type InputFacts, type Pupil, type RosterRig } from '../roster-rig.ts'

/** The steps of imports, resolutions and undos, as the activities take them. */
export function withCases(rig: RosterRig) {
  const { db, districtId } = rig
  const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) => withDistrict(db, districtId, work)
  const undo = withUndo(rig)
  const newRun = () => {
    const id = randomUUID()
    return { id, workflowId: `import/lincoln-county/students/${id}` }
  }
  const request = { districtId, dataType: students, by: 'operator-7', newRun }
  const carryOut = async (runId: string): Promise<string> => {
    const settings = ImportSettings.parse({})
    await inDistrict((trx) => planResolution(trx, { runId, dataType: students, parts: rosterParts, settings }))
    const applied = await rig.apply(runId)
    if (applied.isStale) throw new Error('stale')
    await inDistrict(async (trx) => settleResolution(trx, { run: await getRun(trx, runId), dataType: students }))
    await undo.close(runId)
    return runId
  }
  return {
    ...undo,
    async import(pupils: readonly Pupil[], facts: InputFacts = {}): Promise<string> {
      const settings = { questionBudgets: {}, ...facts.settings }
      const { runId } = await rig.import(pupils, { ...facts, settings })
      await inDistrict(async (trx) => adoptCases(trx, { run: await getRun(trx, runId), dataType: students }))
      await undo.close(runId)
      return runId
    },
    cases: () => inDistrict((trx) => listCases(trx, { districtId })),
    decide: (...decisions: CaseDecision[]) =>
      inDistrict((trx) => decideCases(trx, { districtId, decisions, by: 'operator-7' })),
    /** Carries out what was decided; returns the runs that did. */
    async process(): Promise<string[]> {
      const { runs } = await inDistrict((trx) => openResolution(trx, request))
      const done: string[] = []
      for (const run of runs) done.push(await carryOut(run.id))
      return done
    },
    async unmerge(caseId: string): Promise<string> {
      const opened = await inDistrict((trx) => openUnmerge(trx, { ...request, caseId }))
      if ('obstacle' in opened) throw new Error(opened.obstacle)
      return opened.run === null ? '' : carryOut(opened.run.id)
    },
  }
}

export type CaseRig = ReturnType<typeof withCases>
