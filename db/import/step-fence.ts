import type { Transaction } from 'kysely'
import { RollbookFailure } from '../../domain/errors.ts'
import { isOver } from '../../domain/import-run.ts'
import type { Database } from '../database.ts'
import { lockRun } from './runs.ts'

/**
 * Begins an attempt at a step that replaces what the attempt before it left, and gives its number for holdStep. From
 * here on an older attempt that was given up for dead, and lives, can write nothing. Throws RollbookFailure RUN_OVER of
 * a run that has ended.
 */
export async function claimStep(trx: Transaction<Database>, runId: string): Promise<number> {
  const run = await lockRun(trx, runId)
  if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
  if (isOver(run.state)) throw new RollbookFailure('RUN_OVER')
  const stepFence = run.stepFence + 1
  await trx.updateTable('importRuns').set({ stepFence }).where('id', '=', runId).execute()
  return stepFence
}

/**
 * Throws RollbookFailure STEP_REPLACED when another attempt has begun since; none can until the transaction ends. Called
 * in the transaction that writes, and late in a long one: it keeps others from the run.
 */
export async function holdStep(trx: Transaction<Database>, runId: string, fence: number): Promise<void> {
  const held = await trx
    .selectFrom('importRuns')
    .select('id')
    .where('id', '=', runId)
    .where('stepFence', '=', fence)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (held === undefined) throw new RollbookFailure('STEP_REPLACED')
}
