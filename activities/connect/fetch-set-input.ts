import { withDistrict } from '../../db/database.ts'
import { getImportSet, updateImportSet } from '../../db/import/import-sets.ts'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import { fetchFile } from './fetch-file.ts'
import { openSource } from './open-source.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'
import type { ScheduleActivities } from '../schedule-interface.ts'

type FetchDependencies = Pick<ScheduleDependencies, 'db' | 'getConnector' | 'openSettings' | 'surroundingsOf' | 'now'>

/**
 * Fetches the package of an import set, once for all of its runs: they are to see the same. Pages differ from data type to
 * data type, and are fetched by each run for itself.
 */
export function createFetchSetInput(dependencies: FetchDependencies): ScheduleActivities['fetchSetInput'] {
  const { db } = dependencies
  return async ({ districtId, setId }) => {
    const { connectionId, inputFileId, look } = await withDistrict(db, districtId, (trx) => getImportSet(trx, setId))
    if (inputFileId !== null) return undefined
    const source = await openSource(dependencies, districtId, connectionId)
    if (source === undefined) throw new RollbookFailure('INPUT_MISSING')
    if (source.kind === 'pages') return undefined
    return fetchFile(
      dependencies,
      {
        ...{ districtId, connectionId, dataType: allDataTypes, look },
        noteLook: (trx, seen) => updateImportSet(trx, setId, { look: seen }),
        give: (trx, input) => updateImportSet(trx, setId, input),
      },
      source,
    )
  }
}
