import type { Kysely } from 'kysely'
import {
  findConfiguration,
  findMappingVersion,
  insertMappingVersion,
  upsertConfiguration,
} from '../../db/connect/configurations.ts'
import { updateRunInput, type RunRow } from '../../db/import/runs.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'

/**
 * Writes down what the first package decided, as the next version of the mapping, and lets the run work with it. When
 * another run decided in the meantime, or somebody changed the configuration, that stands, and this run keeps its own to itself.
 */
export async function rememberChoice(db: Kysely<Database>, run: RunRow, document: MappingDocument): Promise<void> {
  const { districtId, connectionId, dataType } = run
  await withDistrict(db, districtId, async (trx) => {
    const earlier = run.mappingVersionId === null ? undefined : await findMappingVersion(trx, run.mappingVersionId)
    const configuration = await findConfiguration(trx, { connectionId, dataType })
    const isNews = !run.isTest && configuration !== undefined && configuration.mappingVersionId === run.mappingVersionId
    const version = await insertMappingVersion(trx, {
      districtId,
      connectionId,
      dataType,
      document,
      settings: earlier?.settings ?? {},
      createdBy: `run ${run.id}`,
      // A test import changes nothing, so it leaves the question open for the first real one.
      isForTest: !isNews,
    })
    await updateRunInput(trx, run.id, { mappingVersionId: version.id })
    if (!isNews) return
    const { isEnabled } = configuration
    await upsertConfiguration(trx, {
      districtId,
      connectionId,
      dataType,
      mappingVersionId: version.id,
      isEnabled,
    })
  })
}
