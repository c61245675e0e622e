import { Context } from '@temporalio/activity'
import type { FoundInput } from '../connectors/connector.ts'
import { withDistrict } from '../db/database.ts'
import { createArchivedFile, renewFile } from '../db/queries/archived-files.ts'
import { findFetchedInput, upsertFetchedInput } from '../db/queries/fetched-inputs.ts'
import { getRun, updateRunInput, updateRunProgress } from '../db/queries/runs.ts'
import { RollbookFailure } from '../domain/errors.ts'
import { notingConnection } from './note-connection.ts'
import { openSource } from './open-source.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import type { ScheduleActivities } from './schedule-interface.ts'

/** As large as an upload may be (api/archive-upload.ts). */
const maxInputBytes = 1_000_000_000

/**
 * Streams the newest whole input of the source into the archive, as an upload is, and gives it to the run. One that
 * was fetched before and is the newest still is not read again: the run will find it unchanged.
 */
export function createFetchInput(dependencies: ScheduleDependencies): ScheduleActivities['fetchInput'] {
  const { db, now } = dependencies
  return async ({ districtId, runId }) => {
    const { run, kept } = await withDistrict(db, districtId, async (trx) => {
      const found = await getRun(trx, runId)
      if (found.inputFileId === null) await updateRunProgress(trx, runId, { stage: 'fetching' })
      return { run: found, kept: await findFetchedInput(trx, found) }
    })
    if (run.inputFileId !== null) return
    const { connectionId, dataType } = run
    const source = await openSource(dependencies, districtId, connectionId)
    if (source === undefined) throw new RollbookFailure('INPUT_MISSING')

    const keep = async (found: FoundInput, file: { id: string; sha256: string; bytes: number }, fetchedAt: Date) => {
      await withDistrict(db, districtId, async (trx) => {
        const { name, bytes, modifiedAt } = found
        const { id: fileId, sha256 } = file
        // Removed since it was found: the next attempt fetches it.
        if (!(await renewFile(trx, fileId))) throw new RollbookFailure('SOURCE_UNAVAILABLE')
        const facts = { districtId, connectionId, dataType, name, bytes, modifiedAt, fileId, sha256, fetchedAt }
        await upsertFetchedInput(trx, facts)
        await updateRunInput(trx, runId, { inputFileId: fileId, inputSha256: sha256, inputBytes: file.bytes })
      })
    }
    const outcome = await notingConnection(dependencies, { districtId, connectionId }, () =>
      source.fetch({
        signal: Context.current().cancellationSignal,
        known: kept,
        receive: async (found, content) => {
          if (found.bytes > maxInputBytes) {
            throw new RollbookFailure('SOURCE_REFUSED', `A package may have ${maxInputBytes} bytes at most.`)
          }
          await keep(found, await createArchivedFile(db, { districtId, name: found.name, content }), now())
        },
      }),
    )
    if (outcome === 'nothingThere') throw new RollbookFailure('INPUT_MISSING', 'There is no package at the source.')
    if (outcome === 'known' && kept !== undefined) {
      const { fileId: id, sha256, bytes } = kept
      await keep(kept, { id, sha256, bytes }, kept.fetchedAt)
    }
  }
}
