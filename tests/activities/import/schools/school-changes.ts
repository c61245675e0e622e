import { withDistrict } from '../../../../db/database.ts'
import { changeSchools, type SchoolChange, type SchoolObstacle } from '../../../../db/records/change-schools.ts'
import { listOrgs } from '../../../../db/records/orgs.ts'
import type { SchoolSkip } from '../../../../db/plan/schools/school-skips.ts'
import type { ImportRig } from '../../import-rig.ts'

type Rig = Pick<ImportRig, 'db' | 'districtId'>

/** Changes schools of the rig's first connection; an obstacle is given back and changes nothing. */
export async function changeSchoolsOf(
  { db, districtId }: Rig,
  changes: readonly SchoolChange[],
): Promise<number | SchoolObstacle> {
  let answer: number | SchoolObstacle = 0
  const refused = new Error('refused')
  await withDistrict(db, districtId, async (trx) => {
    const { id: connectionId } = await trx
      .selectFrom('connections')
      .select('id')
      .orderBy('createdAt')
      .limit(1)
      .executeTakeFirstOrThrow()
    answer = await changeSchools(trx, { districtId, connectionId, by: 'operator-7', changes })
    if (typeof answer !== 'number') throw refused
  }).catch((error: unknown) => {
    if (error !== refused) throw error
  })
  return answer
}

/** The id of ours, by its key. */
export async function ourSchool({ db, districtId }: Rig, sourceKey: string): Promise<string> {
  const orgs = await withDistrict(db, districtId, (trx) => listOrgs(trx, districtId))
  const id = orgs.find((org) => org.sourceKey === sourceKey)?.id
  if (id === undefined) throw new Error(`there is no school ${sourceKey}`)
  return id
}

/** What the newest run has passed over, by what it calls the schools: `S2 leftOut: 3 rows, 2 held`. */
export async function readSkips({ db, districtId }: Rig): Promise<string[]> {
  return withDistrict(db, districtId, async (trx) => {
    const rows: Pick<SchoolSkip, 'name' | 'reason' | 'rowCount' | 'heldCount'>[] = await trx
      .selectFrom('runSchoolSkips')
      .selectAll()
      .where('runId', '=', (run) => run.selectFrom('importRuns').select('id').orderBy('createdAt', 'desc').limit(1))
      .orderBy('name')
      .execute()
    return rows.map(({ name, reason, rowCount, heldCount }) => `${name} ${reason}: ${rowCount} rows, ${heldCount} held`)
  })
}
