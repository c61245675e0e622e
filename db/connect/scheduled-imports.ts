import type { Transaction } from 'kysely'
import { allDataTypes, getDataType } from '../../domain/data-types/registry.ts'
import { findConfiguration, listConfigurations, type ConfigurationRow } from './configurations.ts'
import type { Database } from '../database.ts'
import { listMissingForAll, listMissingPrerequisites } from '../import/list-missing-prerequisites.ts'
import type { ScheduleKey } from '../schedule/schedules.ts'

/**
 * The enabled configurations that a schedule imports by: its own, or for `all` each of the connection but those of data types
 * that are imported by hand. None: the schedule has nothing to start.
 */
export async function listScheduledImports(
  trx: Transaction<Database>,
  { connectionId, dataType }: ScheduleKey,
): Promise<readonly ConfigurationRow[]> {
  if (dataType !== allDataTypes) {
    const configuration = await findConfiguration(trx, { connectionId, dataType })
    return configuration?.isEnabled === true ? [configuration] : []
  }
  const configurations = await listConfigurations(trx, connectionId)
  return configurations.filter((one) => one.isEnabled && getDataType(one.dataType).isByHand !== true)
}

/** The data types of which an import has to be completed before a start of the schedule begins anything. */
export function listAwaited(
  trx: Transaction<Database>,
  { districtId, dataType }: ScheduleKey & { readonly districtId: string },
  scheduled: readonly ConfigurationRow[],
): Promise<readonly string[]> {
  if (dataType !== allDataTypes) return listMissingPrerequisites(trx, { districtId, dataType })
  return listMissingForAll(trx, { districtId, dataTypes: scheduled.map((one) => one.dataType) })
}
