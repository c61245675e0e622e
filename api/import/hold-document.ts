import type { Kysely } from 'kysely'
import { getDataType } from '../../domain/data-types/registry.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { listHoldExamples } from '../../db/plan/list-hold-examples.ts'
import { findOrgs } from '../../db/records/orgs.ts'
import type { RunRow } from '../../db/import/runs.ts'
import type { HeldLimit } from '../contract/run.ts'

const examplesPerLimit = 3
/** Schools that reach their own limit are many when a district lost half its records; the first ones make the point. */
const limitsWithExamples = 20

/** The limits of a hold with the names of schools and a few records each; values only where they may be seen. */
export async function describeHeldLimits(
  db: Kysely<Database>,
  row: RunRow,
  mayViewValues: boolean,
): Promise<HeldLimit[]> {
  const limits = row.hold?.limits ?? []
  if (limits.length === 0) return []
  const dataType = getDataType(row.dataType)
  return await withDistrict(db, row.districtId, async (trx) => {
    const schoolIds = limits.flatMap(({ schoolId }) => (schoolId === null ? [] : [schoolId]))
    const schools = await findOrgs(trx, row.districtId, schoolIds)
    const held: HeldLimit[] = []
    for (const [at, limit] of limits.entries()) {
      const about = { runId: row.id, planNo: row.planNo, limit, count: examplesPerLimit }
      const examples = at < limitsWithExamples ? await listHoldExamples(trx, dataType, about) : []
      const school = limit.schoolId === null ? undefined : schools.get(limit.schoolId)
      held.push({
        ...limit,
        schoolName: school?.name ?? null,
        schoolSourceKey: school?.sourceKey ?? null,
        examples: examples.map(({ recordId, sisId, values }) =>
          mayViewValues ? { recordId, sisId, values: { ...values } } : { recordId, sisId },
        ),
      })
    }
    return held
  })
}
