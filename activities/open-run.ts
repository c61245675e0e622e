import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../db/database.ts'
import { isAppliedInput } from '../db/plan/applied-input.ts'
import { findAcademicYear } from '../db/queries/academic-year.ts'
import { findConfiguration, findMappingVersion } from '../db/queries/configurations.ts'
import { findDistrict } from '../db/queries/districts.ts'
import { getRun, moveRun, updateRunInput, type RunRow } from '../db/queries/runs.ts'
import { getDataType } from '../domain/data-types/registry.ts'
import { RollbookFailure } from '../domain/errors.ts'
import { deriveAcademicYearEnd } from '../domain/mapping/class-year.ts'
import { fingerprintMapping } from '../domain/mapping/fingerprint-mapping.ts'
import type { MappingDocument } from '../domain/mapping/mapping-document.ts'
import type { ActivityDependencies } from './activity-dependencies.ts'
import type { ImportActivities } from './interface.ts'

type OpenRunDependencies = Pick<ActivityDependencies, 'db' | 'now' | 'today' | 'heartbeatMs'>

/**
 * Fixes the mapping a run works with and moves it to `validating`. A run that is opened again, because its plan went
 * stale, keeps its mapping and is asked anew whether there is anything to do.
 */
export function createOpenRun({ db, now, today, heartbeatMs }: OpenRunDependencies): ImportActivities['openRun'] {
  return async ({ districtId, runId }) => {
    const timeZone = (await findDistrict(db, districtId))?.timeZone ?? 'UTC'
    return withDistrict(db, districtId, async (trx) => {
      const run = await getRun(trx, runId)
      const mapping = await chooseMapping(trx, run)
      const byDate = deriveAcademicYearEnd(today(timeZone), mapping.document.academicYearTurnsOn)
      const mappingFingerprint = fingerprintMapping(mapping.document, (await findAcademicYear(trx, run)) ?? byDate)
      // The rows of a resolution were read before, and keep the mapping they were read by.
      if (!run.isResolution) await updateRunInput(trx, runId, { mappingVersionId: mapping.id, mappingFingerprint })
      await moveRun(trx, runId, 'validating', { startedAt: run.startedAt ?? now() })
      return {
        isTest: run.isTest,
        approveHold: run.approveHold,
        // A test is asked for to see the plan, so it makes one.
        ...(run.isResolution && { isResolution: true }),
        isUnchanged: !run.isTest && !run.isResolution && (await wasAppliedBefore(trx, run, mappingFingerprint)),
        heartbeatMs,
      }
    })
  }
}

/** The version the run had before or was asked for, else the one that is configured now. */
async function chooseMapping(
  trx: Transaction<Database>,
  run: RunRow,
): Promise<{ readonly id: string; readonly document: MappingDocument }> {
  if (run.mappingVersionId !== null) {
    const version = await findMappingVersion(trx, run.mappingVersionId)
    if (version !== undefined) return version
  }
  const configuration = await findConfiguration(trx, { connectionId: run.connectionId, dataType: run.dataType })
  if (configuration === undefined) {
    throw new RollbookFailure('SOURCE_REFUSED', `The connection has no import configuration for ${run.dataType}.`)
  }
  return { id: configuration.mappingVersionId, document: configuration.mapping }
}

async function wasAppliedBefore(trx: Transaction<Database>, run: RunRow, mappingFingerprint: string): Promise<boolean> {
  if (run.inputSha256 === null) return false
  const { districtId, inputSha256: sha256 } = run
  return isAppliedInput(trx, getDataType(run.dataType), { districtId, sha256, mappingFingerprint })
}
