import { findConfiguration, insertMappingVersion, upsertConfiguration } from '../../../db/connect/configurations.ts'
import { withDistrict } from '../../../db/database.ts'
import type { MappingDocument } from '../../../domain/mapping/mapping-document.ts'
import type { ImportSettings } from '../../../domain/plan/import-settings.ts'
import type { ImportRig } from '../import-rig.ts'

type Change = {
  readonly mapping?: (mapping: MappingDocument) => MappingDocument
  readonly settings?: Partial<ImportSettings>
  readonly dataType?: string
}

/** Changes the configuration of the rig's first connection that has the data type, and gives what puts it back. */
export async function configure(rig: ImportRig, change: Change): Promise<() => Promise<void>> {
  const { districtId } = rig
  const { dataType = 'students', mapping: remap = (mapping: MappingDocument) => mapping } = change
  return withDistrict(rig.db, districtId, async (trx) => {
    const { connectionId } = await trx
      .selectFrom('importConfigurations')
      .select('connectionId')
      .where('dataType', '=', dataType)
      .orderBy('connectionId')
      .executeTakeFirstOrThrow()
    const of = { districtId, connectionId, dataType }
    const before = await findConfiguration(trx, of)
    if (before === undefined) throw new Error('the connection has no configuration')
    const { mapping, settings, isEnabled } = before
    const version = await insertMappingVersion(trx, {
      ...of,
      document: remap(mapping),
      settings: { ...settings, ...change.settings },
      createdBy: 'operator-7',
    })
    await upsertConfiguration(trx, { ...of, mappingVersionId: version.id, isEnabled })
    return () =>
      withDistrict(rig.db, districtId, (again) =>
        upsertConfiguration(again, { ...of, mappingVersionId: before.mappingVersionId, isEnabled }),
      )
  })
}
