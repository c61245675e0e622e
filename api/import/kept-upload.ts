import type { Kysely } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { renewFile } from '../../db/import/inputs/archived-files.ts'
import {
  AppendReplaced,
  appendToUpload,
  claimUpload,
  completeUpload,
  deleteUpload,
  findUpload,
  hashKeptUpload,
  type UploadRow,
} from '../../db/import/inputs/uploads.ts'
import { OffsetRefusal, Refusal } from '../failures.ts'
import { limitBytes, type Package } from './archive-upload.ts'

/** Throws a Refusal when it is not there, or was removed. */
export async function getUpload(db: Kysely<Database>, districtId: string, id: string): Promise<UploadRow> {
  const upload = await withDistrict(db, districtId, (trx) => findUpload(trx, id))
  if (upload === undefined || upload.fileId === null) throw isGone()
  return upload
}

/** What may not be told apart: never there, removed, or another district's. */
export function isGone(): Refusal {
  return new Refusal(
    'NOT_FOUND',
    'There is no upload of this id in a district that the token may enter; begin a new one.',
  )
}

/**
 * Appends bytes at `offset`, and completes the upload with the last of them. A sender before this one, be it at another
 * process, can write no more from here on. When the line breaks, what came is kept.
 * @throws Refusal UPLOAD_OFFSET_WRONG where that is not how much is kept; UPLOAD_MISMATCH when other bytes came than were announced.
 */
export async function takePart(
  db: Kysely<Database>,
  { districtId, uploadId, offset }: { readonly districtId: string; readonly uploadId: string; readonly offset: number },
  body: ReadableStream<Uint8Array>,
): Promise<UploadRow> {
  const upload = await withDistrict(db, districtId, (trx) => claimUpload(trx, uploadId))
  if (upload === undefined || upload.fileId === null) throw isGone()
  if (upload.receivedBytes !== offset) throw new OffsetRefusal(upload.receivedBytes)
  if (upload.completedAt !== null) return upload
  const line: { failure?: unknown } = {}
  try {
    const taken = await appendToUpload(db, upload, untilBroken(upload, body, line))
    if (line.failure !== undefined) throw toError(line.failure)
    if (taken.receivedBytes < upload.expectedBytes) return { ...upload, receivedBytes: taken.receivedBytes }
    return await finish(db, { ...upload, receivedBytes: taken.receivedBytes }, taken.sha256)
  } catch (error) {
    if (!(error instanceof AppendReplaced)) throw error
    throw new OffsetRefusal((await getUpload(db, districtId, uploadId)).receivedBytes)
  }
}

/** Ends where the line breaks instead of throwing, so that what came before is written. */
async function* untilBroken(
  { expectedBytes, receivedBytes }: UploadRow,
  body: ReadableStream<Uint8Array>,
  line: { failure?: unknown },
): AsyncGenerator<Uint8Array> {
  const refuse = (bytes: number): void => {
    if (receivedBytes + bytes <= expectedBytes) return
    throw new Refusal('UPLOAD_MISMATCH', `The upload was announced with ${expectedBytes} bytes, and more came.`)
  }
  try {
    yield* limitBytes(body, refuse)
  } catch (error) {
    line.failure = error
  }
}

async function finish(db: Kysely<Database>, upload: UploadRow, seen: string | undefined): Promise<UploadRow> {
  const { id, districtId, expectedSha256 } = upload
  const sha256 = seen ?? (await hashKeptUpload(db, upload))
  if (expectedSha256 === null || expectedSha256 === sha256) {
    return withDistrict(db, districtId, (trx) => completeUpload(trx, upload, sha256))
  }
  await withDistrict(db, districtId, (trx) => deleteUpload(trx, id))
  throw new Refusal(
    'UPLOAD_MISMATCH',
    'The SHA-256 of what came is another one; nothing is kept of it. Send the package again as a new upload.',
  )
}

/** A package that came in pieces. Throws a Refusal when it is not whole, or not there any more. */
export async function packageOfUpload(db: Kysely<Database>, districtId: string, uploadId: string): Promise<Package> {
  const { fileId, sha256, expectedBytes: bytes, receivedBytes } = await getUpload(db, districtId, uploadId)
  if (fileId === null || sha256 === null) {
    throw new Refusal('UPLOAD_INCOMPLETE', `${receivedBytes} of its ${bytes} bytes are kept; send the rest first.`)
  }
  return {
    archive: async () => {
      if (!(await withDistrict(db, districtId, (trx) => renewFile(trx, fileId)))) throw isGone()
      return { fileId, sha256, bytes }
    },
    hash: () => Promise.resolve(sha256),
  }
}

function toError(failure: unknown): Error {
  return failure instanceof Error ? failure : new Error('the sender broke off', { cause: failure })
}
