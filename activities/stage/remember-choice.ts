import type { Kysely } from 'kysely'
import { findConfiguration, insertMappingVersion, upsertConfiguration } from '../../db/connect/configurations.ts'
import { updateRunInput, type RunRow } from '../../db/import/runs.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { findOpenChoice } from '../../domain/mapping/decide-first-complete.ts'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'

/**
 * Writes down what the first package decided, as the next version of the mapping, and lets the run work with it. When
 * another run decided in the meantime its choice stands in the configuration, and this run keeps its own to itself.
 */
export async function rememberChoice(db: Kysely<Database>, run: RunRow, document: MappingDocument): Promise<void> {
  const { districtId, connectionId, dataType } = run
  await withDistrict(db, districtId, async (trx) => {
    const version = await insertMappingVersion(trx, {
      districtId,
      connectionId,
      dataType,
      document,
      createdBy: `run ${run.id}`,
    })
    await updateRunInput(trx, run.id, { mappingVersionId: version.id })
    const configuration = await findConfiguration(trx, { connectionId, dataType })
    // A test import changes nothing, so it leaves the question open for the first real one.
    if (run.isTest || configuration === undefined || findOpenChoice(configuration.mapping) === undefined) return
    const { settings, isEnabled } = configuration
    await upsertConfiguration(trx, {
      districtId,
      connectionId,
      dataType,
      mappingVersionId: version.id,
      settings,
      isEnabled,
    })
  })
}
