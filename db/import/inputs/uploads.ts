import { createHash } from 'node:crypto'
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely'
import { type Database } from '../../database.ts'
import type { Uploads } from '../../tables/uploads.ts'
import { chunkBytes, openChunks, writeChunks } from './archived-chunks.ts'
import { completeFile, deleteFile } from './archived-files.ts'

export type UploadRow = Selectable<Uploads>

/** Another sender took the upload over, or it was removed: whoever wrote may write no more. */
export class AppendReplaced extends Error {
  override readonly name = 'AppendReplaced'
}

/** Begins an upload of which no byte has come yet. */
export async function insertUpload(
  trx: Transaction<Database>,
  upload: Pick<UploadRow, 'districtId' | 'name' | 'expectedBytes' | 'expectedSha256' | 'createdBy'>,
): Promise<UploadRow> {
  const { districtId, name } = upload
  const { id: fileId } = await trx
    .insertInto('archivedFiles')
    .values({ districtId, name })
    .returning('id')
    .executeTakeFirstOrThrow()
  return trx
    .insertInto('uploads')
    .values({ ...upload, fileId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function findUpload(trx: Transaction<Database>, id: string): Promise<UploadRow | undefined> {
  return trx.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The district of an upload, or undefined. Never moves to another. */
export async function findUploadOwner(db: Kysely<Database>, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ ownerId: string | null }>`
    select rollbook_owner_of('uploads', ${id}::uuid) as owner_id`.execute(db)
  return rows[0]?.ownerId ?? undefined
}

/** From here on no earlier sender can write to the upload any more; gives it as it stands then. */
export function claimUpload(trx: Transaction<Database>, id: string): Promise<UploadRow | undefined> {
  return trx
    .updateTable('uploads')
    .set((set) => ({ appendNo: set('appendNo', '+', 1), touchedAt: sql<Date>`now()` }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/**
 * Appends to a claimed upload, in memory of a few chunks. Each transaction writes down how much is kept, so that
 * whatever ends this early leaves an upload that goes on there. Gives the SHA-256 of the whole where it has seen all of
 * it. Throws AppendReplaced when somebody claimed the upload since.
 */
export async function appendToUpload(
  db: Kysely<Database>,
  { id, districtId, fileId, receivedBytes, appendNo }: UploadRow,
  content: AsyncIterable<Uint8Array>,
): Promise<{ readonly receivedBytes: number; readonly sha256: string | undefined }> {
  if (fileId === null) throw new AppendReplaced()
  const firstChunk = Math.floor(receivedBytes / chunkBytes)
  const begunBytes = receivedBytes % chunkBytes
  const from = receivedBytes - begunBytes
  // Only the last chunk of a file may be short: one that was begun is written again, with what follows it.
  const begun = openChunks(db, { districtId, fileId, firstChunk: 0, name: '', bytes: receivedBytes })
  async function* wholeChunks(): AsyncGenerator<Uint8Array> {
    if (begunBytes > 0) yield await begun.read(from, begunBytes)
    yield* content
  }
  let isFirst = true
  const hold = async (trx: Transaction<Database>, bytes: number): Promise<void> => {
    const held = await trx
      .updateTable('uploads')
      .set({ receivedBytes: from + bytes, touchedAt: sql<Date>`now()` })
      .where('id', '=', id)
      .where('appendNo', '=', appendNo)
      .where('fileId', '=', fileId)
      .returning('id')
      .executeTakeFirst()
    if (held === undefined) throw new AppendReplaced()
    if (isFirst && begunBytes > 0) {
      await trx
        .deleteFrom('archivedFileChunks')
        .where('fileId', '=', fileId)
        .where('chunkNo', '=', firstChunk)
        .execute()
    }
    isFirst = false
  }
  const written = await writeChunks(db, { districtId, fileId, firstChunk }, wholeChunks(), hold)
  return { receivedBytes: from + written.bytes, sha256: from === 0 ? written.sha256 : undefined }
}

/** Reads what is kept of an upload again: whoever took it over has not seen what came before. */
export async function hashKeptUpload(db: Kysely<Database>, upload: UploadRow): Promise<string> {
  const { districtId, fileId, receivedBytes: bytes } = upload
  if (fileId === null) throw new AppendReplaced()
  const hash = createHash('sha256')
  for await (const piece of openChunks(db, { districtId, fileId, firstChunk: 0, name: '', bytes }).stream(0, bytes)) {
    hash.update(piece)
  }
  return hash.digest('hex')
}

/** Makes the whole an input; the same bytes are kept once. A second time it gives what the first time came of it. */
export async function completeUpload(
  trx: Transaction<Database>,
  { id, districtId, expectedBytes: bytes }: UploadRow,
  sha256: string,
): Promise<UploadRow> {
  const upload = await trx.selectFrom('uploads').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (upload === undefined || upload.fileId === null) throw new AppendReplaced()
  if (upload.completedAt !== null) return upload
  const fileId = await completeFile(trx, { districtId, id: upload.fileId, sha256, bytes })
  return trx
    .updateTable('uploads')
    .set({ fileId, sha256, completedAt: sql<Date>`now()`, touchedAt: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Takes an upload away with what is kept of it; an input that came of it stays. */
export async function deleteUpload(trx: Transaction<Database>, id: string): Promise<void> {
  const gone = await trx.deleteFrom('uploads').where('id', '=', id).returning('fileId').executeTakeFirst()
  if (typeof gone?.fileId === 'string') await deleteFile(trx, gone.fileId)
}
