import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import type { RunRow } from '../../../db/import/runs.ts'
import type { PupilPackage } from '../../fixtures/pupil-package.ts'
import { useImportRig, type ImportRig } from '../import-rig.ts'

export type HeldPupil = {
  readonly key: string
  readonly school: string
  readonly gradeLevel: string | null
  readonly classYear: number | null
  readonly birthDate: string | null
  readonly status: string
  readonly recordId: string
}

export type FeedRig = {
  readonly rig: ImportRig
  /** Imports a package on a day, held or not, and gives the run with what staging left to compare. */
  readonly night: (
    day: string,
    request: PupilPackage,
  ) => Promise<{ readonly run: RunRow; readonly stagedCount: number }>
  readonly pupils: () => Promise<readonly HeldPupil[]>
  /** One value of each record, by its source key. */
  readonly read: <Field extends keyof HeldPupil>(field: Field) => Promise<Record<string, HeldPupil[Field]>>
}

/** A district whose feed comes night after night. Call it at the top of a `describe`: each has a district of its own. */
export function useFeedRig(): FeedRig {
  let day = ''
  const rig = useImportRig({ today: () => day })
  const pupils: FeedRig['pupils'] = () =>
    withDistrict(rig.db, rig.districtId, async (trx) => {
      const { rows } = await sql<HeldPupil>`
        select s.source_key as key, o.source_key as school, grade_level, class_year, birth_date::text, status, s.id as record_id
        from students s join orgs o on o.id = s.school_id order by s.source_key`.execute(trx)
      return rows
    })
  return {
    rig,
    pupils,
    night: async (today, request) => {
      day = today
      const run = await rig.giveRun(await rig.givePupils(request))
      await rig.step('openRun', run)
      const { stagedCount } = await rig.step('stageRun', run)
      await rig.step('buildPlan', run)
      await rig.step('applyPlan', { ...run, part: 'all' })
      await rig.close(run, { kind: 'applied' })
      return { run: await rig.readRun(run), stagedCount }
    },
    read: async (field) => Object.fromEntries((await pupils()).map((pupil) => [pupil.key, pupil[field]])),
  }
}
