import { sql, type Kysely, type Transaction } from 'kysely'
import { RollbookFailure } from '../../../domain/errors.ts'
import { withDistrict, type Database } from '../../database.ts'
import { openChunks, writeChunks, type OpenedArchivedFile } from './archived-chunks.ts'

export type ArchivedFile = { readonly id: string; readonly sha256: string; readonly bytes: number }

/**
 * Keeps the original input of a run, in chunks of 1 MiB, in memory of a few of them. Content-addressed: bytes that are
 * kept already are not kept twice, and the file kept first is returned. When `content` throws, nothing is left.
 */
export async function createArchivedFile(
  db: Kysely<Database>,
  {
    districtId,
    name,
    content,
  }: { readonly districtId: string; readonly name: string; readonly content: AsyncIterable<Uint8Array> },
): Promise<ArchivedFile> {
  const { id } = await withDistrict(db, districtId, (trx) =>
    trx.insertInto('archivedFiles').values({ districtId, name }).returning('id').executeTakeFirstOrThrow(),
  )
  try {
    const { sha256, bytes } = await writeChunks(db, { districtId, fileId: id, firstChunk: 0 }, content)
    const kept = await withDistrict(db, districtId, (trx) => completeFile(trx, { districtId, id, sha256, bytes }))
    return { id: kept, sha256, bytes }
  } catch (error) {
    await withDistrict(db, districtId, (trx) => deleteFile(trx, id)).catch(() => undefined)
    throw error
  }
}

/**
 * From here on the file is an input. Gives the id under which it is kept: that of an earlier one of the same bytes, if
 * there is one, and then this one is gone.
 */
export async function completeFile(
  trx: Transaction<Database>,
  file: ArchivedFile & { readonly districtId: string },
): Promise<string> {
  const { districtId, id, sha256, bytes } = file
  // Two uploads of the same bytes at once: the second waits here for the first, and then finds it.
  await trx.selectFrom('districts').select('id').where('id', '=', districtId).forNoKeyUpdate().execute()
  // Found by changing it: one that is being removed at this moment is waited for, and then is not found.
  const earlier = await trx
    .updateTable('archivedFiles')
    .set({ wantedAt: sql`now()` })
    .where('districtId', '=', districtId)
    .where('sha256', '=', sha256)
    .where('isComplete', '=', true)
    .returning('id')
    .executeTakeFirst()
  if (earlier !== undefined) {
    await deleteFile(trx, id)
    return earlier.id
  }
  const whole = { sha256, bytes, isComplete: true, fetchingRunId: null }
  await trx.updateTable('archivedFiles').set(whole).where('id', '=', id).execute()
  return id
}

/**
 * Takes a file that is kept for another run: the time for which it is kept begins anew. False when it is gone, or goes
 * at this moment.
 */
export async function renewFile(trx: Transaction<Database>, fileId: string): Promise<boolean> {
  const renewed = await trx
    .updateTable('archivedFiles')
    .set({ wantedAt: sql`now()` })
    .where('id', '=', fileId)
    .where('isComplete', '=', true)
    .returning('id')
    .executeTakeFirst()
  return renewed !== undefined
}

/** Takes a file away that was never completed, with all that is kept of it. */
export async function deleteFile(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.deleteFrom('archivedFiles').where('id', '=', id).where('isComplete', '=', false).execute()
}

/** Throws RollbookFailure INPUT_MISSING when the file is not kept (any more). */
export async function openArchivedFile(
  db: Kysely<Database>,
  districtId: string,
  fileId: string,
): Promise<OpenedArchivedFile> {
  const { name, bytes } = await withDistrict(db, districtId, (trx) => getCompleteFile(trx, fileId))
  return openChunks(db, { districtId, fileId, firstChunk: 0, name, bytes })
}

/** Throws RollbookFailure INPUT_MISSING when the file is not kept (any more). */
export async function getCompleteFile(
  trx: Transaction<Database>,
  fileId: string,
): Promise<{ readonly name: string; readonly bytes: number }> {
  const file = await trx
    .selectFrom('archivedFiles')
    .select(['name', 'bytes'])
    .where('id', '=', fileId)
    .where('isComplete', '=', true)
    .executeTakeFirst()
  if (file === undefined) throw new RollbookFailure('INPUT_MISSING')
  return file
}
