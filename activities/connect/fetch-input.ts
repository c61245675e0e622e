import type { Transaction } from 'kysely'
import type { SourceLook } from '../../connectors/connector.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { getRun, updateRunInput, updateRunProgress, type RunRow } from '../../db/import/runs.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import { isOver } from '../../domain/import-run.ts'
import { fetchFile, readLook } from './fetch-file.ts'
import { fetchPages } from './fetch-pages.ts'
import { notingConnection } from './note-connection.ts'
import { openSource } from './open-source.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'
import type { ScheduleActivities } from '../schedule-interface.ts'

type FetchDependencies = Pick<ScheduleDependencies, 'db' | 'getConnector' | 'openSettings' | 'surroundingsOf' | 'now'>

/** Fetches the input of a run: a package as fetch-file.ts does it, pages as fetch-pages.ts does. */
export function createFetchInput(dependencies: FetchDependencies): ScheduleActivities['fetchInput'] {
  const { db } = dependencies
  return async ({ districtId, runId }) => {
    const run = await withDistrict(db, districtId, async (trx) => {
      const found = await getRun(trx, runId)
      if (found.inputFileId === null && readLook(lookOf(found)) === undefined) await noteLook(trx, runId)
      return found
    })
    if (run.inputFileId !== null) return undefined
    if (isOver(run.state)) throw new RollbookFailure('RUN_OVER')
    const { connectionId, dataType } = run
    const source = await openSource(dependencies, districtId, connectionId)
    if (source === undefined) throw new RollbookFailure('INPUT_MISSING')
    if (source.kind === 'pages') {
      const key = { districtId, connectionId }
      await notingConnection(dependencies, key, () => fetchPages(dependencies, run, source))
      return undefined
    }
    const target = {
      ...{ districtId, connectionId, dataType },
      look: lookOf(run),
      noteLook: (trx: Transaction<Database>, look: SourceLook) => noteLook(trx, runId, look),
      noteProgress: (trx: Transaction<Database>, bytes: number, totalBytes: number) =>
        updateRunProgress(trx, runId, { stage: 'fetching', bytes, totalBytes }),
      give: (trx: Transaction<Database>, input: Parameters<typeof updateRunInput>[2]) =>
        updateRunInput(trx, runId, input),
    }
    return fetchFile(dependencies, target, source)
  }
}

/** The look of the attempt before is kept in the run's progress. */
function lookOf({ progress }: RunRow): unknown {
  return progress?.['look']
}

function noteLook(trx: Transaction<Database>, runId: string, look?: SourceLook): Promise<void> {
  return updateRunProgress(trx, runId, { stage: look === undefined ? 'fetching' : 'waitingForSource', look })
}
