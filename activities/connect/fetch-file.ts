import { Context } from '@temporalio/activity'
import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { FoundInput, SourceLook } from '../../connectors/connector.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { createArchivedFile, renewFile } from '../../db/import/inputs/archived-files.ts'
import { findFetchedInput, upsertFetchedInput } from '../../db/schedule/fetched-inputs.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import type { FetchedInput } from '../schedule-interface.ts'
import { notingConnection } from './note-connection.ts'
import type { OpenedSource } from './open-source.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'

/** As large as an upload may be (api/import/archive-upload.ts). */
const maxInputBytes = 1_000_000_000

/** Who a package is fetched for: a run, or an import set. */
export type FetchTarget = {
  readonly districtId: string
  readonly connectionId: string
  /** Under which what was fetched last is found again. */
  readonly dataType: string
  /** What is kept of the look of the attempt before. */
  readonly look: unknown
  readonly noteLook: (trx: Transaction<Database>, look: SourceLook) => Promise<void>
  readonly noteProgress?: (trx: Transaction<Database>, bytes: number, totalBytes: number) => Promise<void>
  readonly give: (
    trx: Transaction<Database>,
    input: { readonly inputFileId: string; readonly inputSha256: string; readonly inputBytes: number },
  ) => Promise<void>
}

/**
 * Streams the newest whole input of the source into the archive, as an upload is, and gives it to the target. One that
 * was fetched before and is the newest still is not read again: the run will find it unchanged. One that may still be
 * being written is looked at again later: the workflow waits, for a step that did would keep others from their sources.
 */
export async function fetchFile(
  dependencies: Pick<ScheduleDependencies, 'db' | 'now'>,
  target: FetchTarget,
  source: Extract<OpenedSource, { kind: 'file' }>,
): Promise<FetchedInput | undefined> {
  const { db, now } = dependencies
  const { districtId, connectionId, dataType } = target
  const kept = await withDistrict(db, districtId, (trx) => findFetchedInput(trx, target))
  const keep = async (found: FoundInput, file: { id: string; sha256: string; bytes: number }, fetchedAt: Date) => {
    await withDistrict(db, districtId, async (trx) => {
      const { name, bytes, modifiedAt } = found
      const { id: fileId, sha256 } = file
      // Removed since it was found: the next attempt fetches it.
      if (!(await renewFile(trx, fileId))) throw new RollbookFailure('SOURCE_UNAVAILABLE')
      const facts = { districtId, connectionId, dataType, name, bytes, modifiedAt, fileId, sha256, fetchedAt }
      await upsertFetchedInput(trx, facts)
      await target.give(trx, { inputFileId: fileId, inputSha256: sha256, inputBytes: file.bytes })
    })
  }
  const fetch = async () => {
    const outcome = await source.fetch({
      signal: Context.current().cancellationSignal,
      known: kept,
      earlier: readLook(target.look),
      // Not the clock of the installation: between two looks real time must go by.
      now: new Date(),
      receive: async (found, content) => {
        if (found.bytes > maxInputBytes) {
          throw new RollbookFailure('SOURCE_REFUSED', `A package may have ${maxInputBytes} bytes at most.`)
        }
        const told = tellProgress(content, (bytes) =>
          withDistrict(db, districtId, async (trx) => target.noteProgress?.(trx, bytes, found.bytes)),
        )
        await keep(found, await createArchivedFile(db, { districtId, name: found.name, content: told }), now())
      },
    })
    if ('look' in outcome) await withDistrict(db, districtId, (trx) => target.noteLook(trx, outcome.look))
    if (outcome.kind === 'noneWhole') throw new RollbookFailure('SOURCE_UNAVAILABLE', outcome.reason)
    return outcome
  }
  const outcome = await notingConnection(dependencies, { districtId, connectionId }, fetch)
  if (outcome.kind === 'wait') return { waitMs: outcome.waitMs }
  if (outcome.kind === 'nothingThere') {
    throw new RollbookFailure('INPUT_MISSING', 'There is no package at the source.')
  }
  if (outcome.kind === 'known' && kept !== undefined) {
    const { fileId: id, sha256, bytes } = kept
    await keep(kept, { id, sha256, bytes }, kept.fetchedAt)
  }
  return undefined
}

const tellEveryMs = 1_000

/** A large package over a slow line takes hours, in which it can be seen to get on. */
async function* tellProgress(
  content: AsyncIterable<Uint8Array>,
  tell: (bytes: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  let toldAt = performance.now()
  for await (const piece of content) {
    yield piece
    bytes += piece.length
    if (performance.now() - toldAt < tellEveryMs) continue
    await tell(bytes)
    toldAt = performance.now()
  }
}

const Look = z.object({
  since: z.coerce.date(),
  at: z.coerce.date(),
  found: z.array(z.object({ name: z.string(), bytes: z.number(), modifiedAt: z.coerce.date() })),
})

/** A look as it was kept; undefined where there was none. */
export function readLook(kept: unknown): SourceLook | undefined {
  return Look.safeParse(kept).data
}
