import type { Kysely } from 'kysely'
import type { Database } from '../db/database.ts'
import { createArchivedFile } from '../db/queries/archived-files.ts'
import type { RunInput } from '../db/queries/find-latest-input.ts'
import { Refusal } from './failures.ts'

/** The largest package taken: 1 GB. */
export const maxUploadBytes = 1_000_000_000

/**
 * Streams an upload into the archive, in memory of a chunk or two. Throws a Refusal when it is too large, as early as
 * that can be known.
 */
export async function archiveUpload(
  db: Kysely<Database>,
  districtId: string,
  upload: { readonly name: string; readonly announcedBytes: number; readonly body: ReadableStream<Uint8Array> },
): Promise<RunInput> {
  if (upload.announcedBytes > maxUploadBytes) throw tooLarge()
  const input = await createArchivedFile(db, { districtId, name: upload.name, content: limitBytes(upload.body) })
  return { fileId: input.id, sha256: input.sha256, bytes: input.bytes }
}

/** The announced size may be absent or a lie: what arrives is counted. */
async function* limitBytes(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let receivedBytes = 0
  for await (const piece of body) {
    receivedBytes += piece.length
    if (receivedBytes > maxUploadBytes) throw tooLarge()
    yield piece
  }
}

function tooLarge(): Refusal {
  return new Refusal('INPUT_TOO_LARGE', `A package may have ${maxUploadBytes} bytes at most.`)
}
