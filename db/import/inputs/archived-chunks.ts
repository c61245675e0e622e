import { createHash } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import pg from 'pg'
import { RollbookFailure } from '../../../domain/errors.ts'
import { readBinaryRows } from '../../fields/binary-copy.ts'
import { borrowClient, withDistrict, type Database } from '../../database.ts'

/** Every chunk of a file but its last has so many bytes. */
export const chunkBytes = 1 << 20
/** Chunks written in one transaction. */
const chunksAtOnce = 4

export function countChunks(bytes: number): number {
  return Math.ceil(bytes / chunkBytes)
}

export type ChunkPlace = { readonly districtId: string; readonly fileId: string; readonly firstChunk: number }

export type WrittenChunks = { readonly sha256: string; readonly bytes: number; readonly chunkCount: number }

/**
 * Writes bytes as chunks of 1 MiB from `firstChunk` on, in memory of a few of them. `hold` is called in each
 * transaction with the bytes that are there once it ends, and may throw. Whatever ends it early leaves chunks behind, but writes none any more.
 */
export async function writeChunks(
  db: Kysely<Database>,
  { districtId, fileId, firstChunk }: ChunkPlace,
  content: AsyncIterable<Uint8Array>,
  hold: (trx: Transaction<Database>, bytes: number) => Promise<void> = () => Promise.resolve(),
): Promise<WrittenChunks> {
  // One transaction writes while the next chunks come in and are hashed.
  let writing: Promise<unknown> = Promise.resolve()
  const hash = createHash('sha256')
  let bytes = 0
  let chunkCount = 0
  try {
    for await (const chunks of cutIntoChunks(content)) {
      for (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
      }
      const firstNo = firstChunk + chunkCount
      const bytesThen = bytes
      const rows = chunks.map((data, index) => ({ districtId, fileId, chunkNo: firstNo + index, data }))
      await writing
      writing = withDistrict(db, districtId, async (trx) => {
        await hold(trx, bytesThen)
        await trx.insertInto('archivedFileChunks').values(rows).execute()
      })
      // Awaited with the next chunks; if those never come, its failure must not end the process.
      writing.catch(() => undefined)
      chunkCount += chunks.length
    }
  } catch (error) {
    await writing.catch(() => undefined)
    throw error
  }
  await writing
  return { sha256: hash.digest('hex'), bytes, chunkCount }
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

/** A file, or a part of one, whose first byte is that of the chunk `firstChunk`. */
export function openChunks(
  db: Kysely<Database>,
  { name, bytes: sizeBytes, ...place }: ChunkPlace & { readonly name: string; readonly bytes: number },
): OpenedArchivedFile {
  const stream = (offset: number, lengthBytes: number) =>
    streamChunks(db, place, offset, Math.min(offset + lengthBytes, sizeBytes))
  const read = async (offset: number, lengthBytes: number): Promise<Buffer> => {
    const pieces: Buffer[] = []
    for await (const piece of stream(offset, lengthBytes)) pieces.push(piece)
    return Buffer.concat(pieces)
  }
  return { name, sizeBytes, read, stream }
}

/**
 * The bytes `[offset, end)`, a chunk at a time. Between two chunks nothing is held: whoever reads may take his time, or
 * leave in the middle, and there are fewer connections than readers.
 */
async function* streamChunks(
  db: Kysely<Database>,
  place: ChunkPlace,
  offset: number,
  end: number,
): AsyncGenerator<Buffer> {
  for (let at = offset; at < end;) {
    const chunkNo = Math.floor(at / chunkBytes)
    const chunk = await readChunk(db, place, place.firstChunk + chunkNo)
    if (chunk === undefined) throw new RollbookFailure('INPUT_MISSING')
    const start = at - chunkNo * chunkBytes
    const piece = chunk.subarray(start, Math.min(chunk.length, start + end - at))
    yield piece
    at += piece.length
  }
}

async function readChunk(
  db: Kysely<Database>,
  { districtId, fileId }: ChunkPlace,
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
