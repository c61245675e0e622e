import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/database.ts'
import { createArchivedFile } from '../../db/import/inputs/archived-files.ts'
import type { ArchivedInput } from '../../db/import/find-latest-input.ts'
import { brokenOff, Refusal } from '../failures.ts'

/** The largest package taken: 1 GB. */
const maxUploadBytes = 1_000_000_000

/** Bytes as they arrive, once; the announced size may be absent (0) or a lie. */
type ArrivingUpload = {
  readonly name: string
  readonly announcedBytes: number
  readonly body: ReadableStream<Uint8Array>
}

/** A package of which an import is to be started, however it comes. One of both is called, once. */
export type Package = {
  /** Keeps it, or finds it kept. */
  readonly archive: (db: Kysely<Database>, districtId: string) => Promise<ArchivedInput>
  /** Its SHA-256, where only that is asked for. */
  readonly hash: () => Promise<string>
}

/** A package that is the body of the request. */
export function packageOfBody(upload: ArrivingUpload): Package {
  return {
    archive: (db, districtId) => archiveUpload(db, districtId, upload),
    hash: () => hashUpload(upload),
  }
}

/**
 * Streams an upload into the archive, in memory of a chunk or two. Throws a Refusal when it is too large, as early as
 * that can be known.
 */
async function archiveUpload(db: Kysely<Database>, districtId: string, upload: ArrivingUpload): Promise<ArchivedInput> {
  refuseTooLarge(upload.announcedBytes)
  const input = await createArchivedFile(db, { districtId, name: upload.name, content: limitBytes(upload.body) })
  return { fileId: input.id, sha256: input.sha256, bytes: input.bytes }
}

/** The SHA-256 of an upload that is not kept. Throws as archiveUpload does. */
async function hashUpload(upload: Omit<ArrivingUpload, 'name'>): Promise<string> {
  refuseTooLarge(upload.announcedBytes)
  const hash = createHash('sha256')
  for await (const piece of limitBytes(upload.body)) hash.update(piece)
  return hash.digest('hex')
}

/**
 * What arrives is counted, whatever was announced; `refuse` hears how much it is. Throws the Refusal REQUEST_BROKEN_OFF
 * when the line breaks.
 */
export async function* limitBytes(
  body: ReadableStream<Uint8Array>,
  refuse: (bytes: number) => void = refuseTooLarge,
): AsyncGenerator<Uint8Array> {
  let receivedBytes = 0
  const reader = body.getReader()
  try {
    for (;;) {
      // Not the database's trouble, whatever the line's own error says.
      const next = await reader.read().catch(() => {
        throw brokenOff()
      })
      if (next.done) return
      receivedBytes += next.value.length
      refuse(receivedBytes)
      yield next.value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Throws a Refusal for more bytes than the largest package has. */
export function refuseTooLarge(bytes: number): void {
  if (bytes <= maxUploadBytes) return
  throw new Refusal('INPUT_TOO_LARGE', `A package may have ${maxUploadBytes} bytes at most.`)
}
