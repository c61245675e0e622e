import { createHash } from 'node:crypto'
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely'
import { withDistrict, type Database } from '../../database.ts'
import type { InputParts } from '../../tables/archived-files.ts'
import { countChunks, openChunks, writeChunks, type OpenedArchivedFile } from './archived-chunks.ts'
import { completeFile, deleteFile, getCompleteFile, type ArchivedFile } from './archived-files.ts'
import { holdStep } from '../step-fence.ts'

/** Structurally KeptPart of connectors/connector.ts. */
export type NewPart = {
  readonly collection: string
  readonly name: string
  readonly next: string | null
  readonly facts: Readonly<Record<string, string>>
}
export type PartRow = Selectable<InputParts>

/** An input of which parts still come. Whoever writes it holds the fence of the run's step. */
export type PartsDraft = {
  readonly districtId: string
  readonly runId: string
  readonly fence: number
  readonly fileId: string
}

/** A pause after which the pages before it and those after it would be of two different days. */
const longestPauseHours = 6

/**
 * The input that an earlier attempt at the run began, with the parts that were kept of it, else a new one. What is left
 * of a part that was broken off goes; so does the whole when nothing came of it for so long that the rest would not fit.
 */
export async function openPartsDraft(
  trx: Transaction<Database>,
  { name, ...run }: { districtId: string; runId: string; fence: number; name: string },
): Promise<{ readonly draft: PartsDraft; readonly kept: readonly PartRow[] }> {
  const { districtId, runId } = run
  const begun = await trx
    .selectFrom('archivedFiles')
    .select('id')
    .select(sql<boolean>`wanted_at < now() - make_interval(hours => ${longestPauseHours})`.as('isOutdated'))
    .where('fetchingRunId', '=', runId)
    .where('isComplete', '=', false)
    .executeTakeFirst()
  if (begun !== undefined && !begun.isOutdated) {
    const kept = await listParts(trx, begun.id)
    await trx
      .deleteFrom('archivedFileChunks')
      .where('fileId', '=', begun.id)
      .where('chunkNo', '>=', nextChunk(kept.at(-1)))
      .execute()
    return { draft: { ...run, fileId: begun.id }, kept }
  }
  if (begun !== undefined) await deleteFile(trx, begun.id)
  const { id: fileId } = await trx
    .insertInto('archivedFiles')
    .values({ districtId, name, fetchingRunId: runId })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { draft: { ...run, fileId }, kept: [] }
}

/**
 * Keeps one part behind `last` and commits it. When `content` throws, it is not kept. Throws RollbookFailure
 * STEP_REPLACED when another attempt has begun since.
 */
export async function appendPart(
  db: Kysely<Database>,
  { districtId, runId, fence, fileId }: PartsDraft,
  last: PartRow | undefined,
  { content, ...part }: NewPart & { readonly content: AsyncIterable<Uint8Array> },
): Promise<PartRow> {
  const firstChunk = nextChunk(last)
  const hold = (trx: Transaction<Database>) => holdStep(trx, runId, fence)
  const { sha256, bytes } = await writeChunks(db, { districtId, fileId, firstChunk }, content, hold)
  return withDistrict(db, districtId, async (trx) => {
    await hold(trx)
    await trx
      .updateTable('archivedFiles')
      .set({ wantedAt: sql`now()` })
      .where('id', '=', fileId)
      .execute()
    const { collection, name, next } = part
    const facts = JSON.stringify(part.facts)
    const place = { districtId, fileId, partNo: (last?.partNo ?? 0) + 1, firstChunk }
    return trx
      .insertInto('inputParts')
      .values({ ...place, collection, name, next, facts, bytes, sha256 })
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}

/**
 * Makes the draft an input. Its SHA-256 is made of those of its parts and of what the source said of them: the same
 * pages again are the same input. Gives the one that was kept first.
 */
export async function completeParts(trx: Transaction<Database>, draft: PartsDraft): Promise<ArchivedFile> {
  const { districtId, runId, fence, fileId } = draft
  await holdStep(trx, runId, fence)
  const hash = createHash('sha256')
  let bytes = 0
  for (const part of await listParts(trx, fileId)) {
    const facts = Object.entries(part.facts).sort(([a], [b]) => (a < b ? -1 : 1))
    hash.update(`${JSON.stringify([part.collection, part.sha256, facts])}\n`)
    bytes += part.bytes
  }
  const sha256 = hash.digest('hex')
  return { id: await completeFile(trx, { districtId, id: fileId, sha256, bytes }), sha256, bytes }
}

/** Structurally RunInput of connectors/connector.ts. */
export type OpenedInput = {
  readonly parts: readonly (NewPart & { readonly file: OpenedArchivedFile })[]
  readonly sizeBytes: number
}

/** A file that came whole is one part. Throws RollbookFailure INPUT_MISSING when it is not kept (any more). */
export async function openInput(db: Kysely<Database>, districtId: string, fileId: string): Promise<OpenedInput> {
  const { file, rows } = await withDistrict(db, districtId, async (trx) => ({
    file: await getCompleteFile(trx, fileId),
    rows: await listParts(trx, fileId),
  }))
  const open = (place: { name: string; firstChunk: number; bytes: number }) =>
    openChunks(db, { districtId, fileId, ...place })
  if (rows.length === 0) {
    const whole = open({ name: file.name, firstChunk: 0, bytes: file.bytes })
    return { parts: [{ collection: '', name: file.name, next: null, facts: {}, file: whole }], sizeBytes: file.bytes }
  }
  const parts = rows.map(({ collection, name, next, facts, firstChunk, bytes }) => {
    return { collection, name, next, facts, file: open({ name, firstChunk, bytes }) }
  })
  return { parts, sizeBytes: file.bytes }
}

function listParts(trx: Transaction<Database>, fileId: string): Promise<PartRow[]> {
  return trx.selectFrom('inputParts').selectAll().where('fileId', '=', fileId).orderBy('partNo').execute()
}

/** An empty part has no chunk. */
function nextChunk(part: PartRow | undefined): number {
  return part === undefined ? 0 : part.firstChunk + countChunks(part.bytes)
}
