import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import { Context } from '@temporalio/activity'
import { findConfiguration } from '../../db/connect/configurations.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { renewFile } from '../../db/import/inputs/archived-files.ts'
import { appendPart, completeParts, openPartsDraft } from '../../db/import/inputs/input-parts.ts'
import { updateRunInput, updateRunProgress, type RunRow } from '../../db/import/runs.ts'
import { claimStep, holdStep } from '../../db/import/step-fence.ts'
import { findFetchedInput, upsertFetchedInput } from '../../db/schedule/fetched-inputs.ts'
import { findSourceMark, noteAsked } from '../../db/plan/source-marks.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'
import type { OpenedSource } from './open-source.ts'

/** More than any district has; a source that never ends must not fill the disk. */
const maxInputBytes = 20_000_000_000

/**
 * Archives the pages of a source as the input of a run. Each is committed before the next one is asked for: whatever
 * ends this, the next attempt asks for the page that was under way and for none that is kept.
 */
export async function fetchPages(
  { db, now }: Pick<ScheduleDependencies, 'db' | 'now'>,
  run: RunRow,
  source: Extract<OpenedSource, { kind: 'pages' }>,
): Promise<void> {
  const { id: runId, districtId, connectionId, dataType } = run
  const context = Context.current()
  const name = `${dataType} in pages`
  const { draft, kept, changesSince } = await withDistrict(db, districtId, async (trx) => {
    const fence = await claimStep(trx, runId)
    const begun = await openPartsDraft(trx, { districtId, runId, fence, name })
    return { ...begun, changesSince: await decideSince(trx, run, source, now()) }
  })
  let last = kept.at(-1)
  let bytes = kept.reduce((sum, part) => sum + part.bytes, 0)
  for await (const part of source.pages({ dataType, signal: context.cancellationSignal, changesSince, kept })) {
    last = await appendPart(db, draft, last, { ...part, content: limitBytes(part.content, maxInputBytes - bytes) })
    bytes += last.bytes
    const parts = last.partNo
    context.heartbeat({ parts, bytes })
    await withDistrict(db, districtId, async (trx) => {
      await holdStep(trx, runId, draft.fence)
      await updateRunProgress(trx, runId, { stage: 'fetching', collection: part.collection, parts, bytes })
    })
  }
  if (last === undefined) throw new RollbookFailure('INPUT_MISSING', 'The source gave no page.')
  await withDistrict(db, districtId, async (trx) => {
    const input = await completeParts(trx, draft)
    // The same pages as before are kept already; removed at this moment, they are fetched again.
    if (!(await renewFile(trx, input.id))) throw new RollbookFailure('SOURCE_UNAVAILABLE')
    const before = await findFetchedInput(trx, { connectionId, dataType })
    const fetchedAt = before?.sha256 === input.sha256 ? before.fetchedAt : now()
    const file = { fileId: input.id, sha256: input.sha256, bytes: input.bytes }
    await upsertFetchedInput(trx, {
      ...{ districtId, connectionId, dataType, name, modifiedAt: fetchedAt, fetchedAt },
      ...file,
    })
    await updateRunInput(trx, runId, { inputFileId: input.id, inputSha256: input.sha256, inputBytes: input.bytes })
  })
}

/** Since when changes are asked for; undefined where everything is. Whatever the first attempt decided holds for all. */
async function decideSince(
  trx: Transaction<Database>,
  run: RunRow,
  source: Extract<OpenedSource, { kind: 'pages' }>,
  at: Date,
): Promise<Date | undefined> {
  const configuration = await findConfiguration(trx, run)
  const under = createHash('sha256')
    .update(JSON.stringify([source.settingsDigest, configuration?.settings]))
    .digest('hex')
  const policy = source.findChangesPolicy(run.dataType)
  const mappingVersionId = run.mappingVersionId ?? configuration?.mappingVersionId
  const mark =
    policy === undefined || mappingVersionId === undefined
      ? undefined
      : await findSourceMark(trx, run, { under, mappingVersionId })
  const isDue =
    policy !== undefined && mark !== undefined && at.getTime() - mark.wholeAt.getTime() < policy.wholeEveryMs
  const since = isDue ? new Date(mark.readAt.getTime() - policy.overlapMs) : undefined
  return (await noteAsked(trx, run.id, { at, since, under })).since
}

async function* limitBytes(content: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of content) {
    bytes += piece.length
    if (bytes > maxBytes) {
      throw new RollbookFailure('SOURCE_REFUSED', `An input may have ${maxInputBytes} bytes at most.`)
    }
    yield piece
  }
}
