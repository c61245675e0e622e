import { createHash } from 'node:crypto'
import { sql, type Kysely, type Transaction } from 'kysely'
import pg from 'pg'
import { RollbookFailure } from '../../domain/errors.ts'
import { readBinaryRows } from '../binary-copy.ts'
import { borrowClient, withDistrict, type Database } from '../database.ts'

const chunkBytes = 1 << 20
/** Chunks written in one transaction. */
const chunksAtOnce = 4

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
  // One transaction writes while the next chunks come in and are hashed.
  let writing: Promise<unknown> = Promise.resolve()
  try {
    const hash = createHash('sha256')
    let bytes = 0
    let chunkNo = 0
    for await (const chunks of cutIntoChunks(content)) {
      for (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
      }
      const rows = chunks.map((data, index) => ({ districtId, fileId: id, chunkNo: chunkNo + index, data }))
      await writing
      writing = withDistrict(db, districtId, (trx) => trx.insertInto('archivedFileChunks').values(rows).execute())
      // Awaited with the next chunks; if those never come, its failure must not end the process.
      writing.catch(() => undefined)
      chunkNo += chunks.length
    }
    await writing
    const sha256 = hash.digest('hex')
    const kept = await withDistrict(db, districtId, (trx) => completeFile(trx, { districtId, id, sha256, bytes }))
    return { id: kept, sha256, bytes }
  } catch (error) {
    await writing.catch(() => undefined)
    await withDistrict(db, districtId, (trx) => deleteFile(trx, id)).catch(() => undefined)
    throw error
  }
}

/** The id under which the bytes are kept: that of an earlier upload of the same bytes, if there is one. */
async function completeFile(trx: Transaction<Database>, file: ArchivedFile & { districtId: string }): Promise<string> {
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
  await trx.updateTable('archivedFiles').set({ sha256, bytes, isComplete: true }).where('id', '=', id).execute()
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

async function deleteFile(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.deleteFrom('archivedFiles').where('id', '=', id).where('isComplete', '=', false).execute()
}

async function* cutIntoChunks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let pieces: Uint8Array[] = []
  let length = 0
  const cut = (): Buffer[] => {
    const whole = Buffer.concat(pieces)
    const chunks: Buffer[] = []
    for (let at = 0; at < whole.length; at += chunkBytes) chunks.push(whole.subarray(at, at + chunkBytes))
    return chunks
  }
  for await (const piece of content) {
    pieces.push(piece)
    length += piece.length
    if (length < chunkBytes * chunksAtOnce) continue
    const chunks = cut()
    const last = chunks.at(-1)
    // Only the last chunk of a file may be short: `read` finds a place by its number.
    const rest = last !== undefined && last.length < chunkBytes ? chunks.pop() : undefined
    yield chunks
    pieces = rest === undefined ? [] : [rest]
    length = rest?.length ?? 0
  }
  const chunks = cut()
  if (chunks.length > 0) yield chunks
}

/** Structurally InputFile of connectors/kit/input-file.ts: readable at any place. */
export type OpenedArchivedFile = {
  readonly name: string
  readonly sizeBytes: number
  read(offset: number, lengthBytes: number): Promise<Buffer>
  stream(offset: number, lengthBytes: number): AsyncIterable<Buffer>
}

/** Throws RollbookFailure INPUT_MISSING when the file is not kept (any more). */
export async function openArchivedFile(
  db: Kysely<Database>,
  districtId: string,
  fileId: string,
): Promise<OpenedArchivedFile> {
  const file = await withDistrict(db, districtId, (trx) =>
    trx
      .selectFrom('archivedFiles')
      .select(['name', 'bytes'])
      .where('id', '=', fileId)
      .where('isComplete', '=', true)
      .executeTakeFirst(),
  )
  if (file === undefined) throw new RollbookFailure('INPUT_MISSING')
  const end = (offset: number, lengthBytes: number) => Math.min(offset + lengthBytes, file.bytes)
  const read = async (offset: number, lengthBytes: number): Promise<Buffer> => {
    const pieces: Buffer[] = []
    for await (const piece of streamChunks(db, { districtId, fileId }, offset, end(offset, lengthBytes)))
      pieces.push(piece)
    return Buffer.concat(pieces)
  }
  return {
    name: file.name,
    sizeBytes: file.bytes,
    read,
    stream: (offset, lengthBytes) => streamChunks(db, { districtId, fileId }, offset, end(offset, lengthBytes)),
  }
}

/**
 * The bytes `[offset, end)`, a chunk at a time. Between two chunks nothing is held: whoever reads may take his time, or
 * leave in the middle, and there are fewer connections than readers.
 */
async function* streamChunks(
  db: Kysely<Database>,
  file: { readonly districtId: string; readonly fileId: string },
  offset: number,
  end: number,
): AsyncGenerator<Buffer> {
  for (let at = offset; at < end;) {
    const chunkNo = Math.floor(at / chunkBytes)
    const chunk = await readChunk(db, file, chunkNo)
    if (chunk === undefined) throw new RollbookFailure('INPUT_MISSING')
    const start = at - chunkNo * chunkBytes
    const piece = chunk.subarray(start, Math.min(chunk.length, start + end - at))
    yield piece
    at += piece.length
  }
}

async function readChunk(
  db: Kysely<Database>,
  { districtId, fileId }: { readonly districtId: string; readonly fileId: string },
  chunkNo: number,
): Promise<Buffer | undefined> {
  const client = await borrowClient(db)
  try {
    const district = pg.escapeLiteral(districtId)
    await client.query(`begin read only; select set_config('rollbook.district_id', ${district}, true)`)
    const chunk = await copyChunk(client, fileId, chunkNo)
    await client.query('commit')
    client.release()
    return chunk
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** As binary: as text each byte would be two characters of a string first. */
async function copyChunk(client: pg.PoolClient, fileId: string, chunkNo: number): Promise<Buffer | undefined> {
  const where = `file_id = ${pg.escapeLiteral(fileId)}::uuid and chunk_no = ${chunkNo}`
  let chunk: Buffer | undefined
  await readBinaryRows(
    client,
    `select data from archived_file_chunks where ${where}`,
    1,
    ({ bytes, starts, lengths }) => {
      const start = starts[0] as number // the column is there: the reader looks
      chunk = bytes.subarray(start, start + (lengths[0] as number))
    },
  )
  return chunk
}
