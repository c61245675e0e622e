import { Context } from '@temporalio/activity'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { planResolution } from '../../db/resolution/plan-resolution.ts'
import { buildPlan, type PlanRequest, type StoredPlan } from '../../db/plan/build-plan.ts'
import { planFields } from '../../db/plan/fields/plan-fields.ts'
import { findConfiguration, findMappingVersion } from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { findOrgs } from '../../db/records/orgs.ts'
import { getRun, moveRun, updateRunCounts, updateRunProgress } from '../../db/import/runs.ts'
import { claimStep, holdStep } from '../../db/import/step-fence.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { MetLimit } from '../../domain/plan/met-limit.ts'
import { findRange } from '../../domain/schedule/date-ranges.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import { derivePlannedCounts } from './derive-run-counts.ts'
import { deriveStagedParts } from './derive-staged-parts.ts'
import type { ImportActivities } from '../interface.ts'

/** Sorting and hashing a million rows at PostgreSQL's default of 4 MB goes to disk and takes minutes. */
const planWorkMem = '256MB'

type BuildPlanDependencies = Pick<ActivityDependencies, 'db' | 'getConnector' | 'today'>

export function createBuildPlan(dependencies: BuildPlanDependencies): ImportActivities['buildPlan'] {
  const { db } = dependencies
  return async ({ districtId, runId }) => {
    const fence = await withDistrict(db, districtId, async (trx) => {
      await updateRunProgress(trx, runId, { stage: 'planning' })
      return claimStep(trx, runId)
    })
    const today = dependencies.today((await findDistrict(db, districtId))?.timeZone ?? 'UTC')
    return withDistrict(
      db,
      districtId,
      async (trx) => {
        const request = await getPlanRequest(trx, dependencies, runId, today)
        const { actions, absentCount, keptBack, found, ...plan } = await makePlan(trx, request)
        const metLimits = await nameSchools(trx, districtId, plan.metLimits)
        // A statement cannot be stopped in the middle, but what it made need not stay.
        Context.current().cancellationSignal.throwIfAborted()
        await holdStep(trx, runId, fence)
        const { staging, isTest } = await getRun(trx, runId)
        if (staging === null) throw new Error(`run ${runId} has not been staged`)
        await updateRunCounts(
          trx,
          runId,
          derivePlannedCounts({ staging, planned: actions, absentCount, found }, isTest),
        )
        // A test ends here, and shows where it would have been held.
        const hold = isTest && metLimits.length > 0 ? { hold: { limits: metLimits } } : {}
        await moveRun(trx, runId, 'planned', hold)
        return { actions, metLimits, keptBack }
      },
      { workMem: planWorkMem },
    )
  }
}

/** A run that reads an input plans what it says, of records or of fields alone; one that carries decisions out plans those. */
async function makePlan(trx: Transaction<Database>, request: PlanRequest): Promise<StoredPlan> {
  const { isResolution, isFieldImport } = await getRun(trx, request.runId)
  if (isFieldImport) return planFields(trx, request)
  return isResolution ? planResolution(trx, request) : buildPlan(trx, request)
}

/** A hold is read in mails and in Temporal's own pages, where nobody can look our ids up. */
async function nameSchools(
  trx: Transaction<Database>,
  districtId: string,
  metLimits: readonly MetLimit[],
): Promise<readonly MetLimit[]> {
  const ids = metLimits.flatMap(({ schoolId }) => (schoolId === null ? [] : [schoolId]))
  const schools = await findOrgs(trx, districtId, ids)
  return metLimits.map((limit) => {
    const school = limit.schoolId === null ? undefined : schools.get(limit.schoolId)
    return school === undefined ? limit : { ...limit, schoolName: school.name, schoolSourceKey: school.sourceKey }
  })
}

async function getPlanRequest(
  trx: Transaction<Database>,
  { getConnector }: BuildPlanDependencies,
  runId: string,
  today: string,
): Promise<PlanRequest> {
  const run = await getRun(trx, runId)
  const dataType = getDataType(run.dataType)
  const connection = await findConnection(trx, run.connectionId)
  const mapping = run.mappingVersionId === null ? undefined : await findMappingVersion(trx, run.mappingVersionId)
  if (connection === undefined || mapping === undefined) throw new Error(`run ${runId} was not opened`)
  const configuration = await findConfiguration(trx, { connectionId: run.connectionId, dataType: run.dataType })
  const { settings } = mapping
  // Which days are quiet is a matter of today; a draft is tested with its own.
  const { additionsOnly } = mapping.version === null || configuration === undefined ? settings : configuration.settings
  return {
    runId,
    dataType,
    parts: deriveStagedParts(dataType, getConnector(connection.connector), mapping.document, today),
    settings,
    matchBy: mapping.document.matchBy,
    isAdditionsOnly: findRange(additionsOnly, today) !== undefined,
  }
}
