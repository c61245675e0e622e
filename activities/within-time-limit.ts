import type { Kysely } from 'kysely'
import { withDistrict, type Database } from '../db/database.ts'
import { countOutgrownTables, countTables } from '../db/engine/count-tables.ts'
import { estimateRows } from '../db/engine/estimate-rows.ts'
import { isTimedOut, withStatementLimits } from '../db/statement-limits.ts'
import { RollbookFailure } from '../domain/errors.ts'
import type { Log } from '../platform/log.ts'
import type { RunRef } from './interface.ts'

export type TimeLimitDependencies = {
  readonly db: Kysely<Database>
  readonly log: Log
  /** How long one statement may take, milliseconds, where so many rows are at stake. */
  readonly deriveStatementTimeout?: (rows: number) => number
}

const minute = 60_000

/** A million rows take 17 s in the slowest statement on a small machine: this is sixty times as much. */
function deriveDefaultTimeout(rows: number): number {
  return 3 * minute + rows
}

/** The tables are counted by then, and the machine may be a slow one after all. */
const secondTimeFactor = 4

/**
 * Makes a step one whose statements have a time limit, and are planned with tables that were counted. Far over the limit
 * PostgreSQL has most likely planned with numbers that are not true (a crash loses them): the tables are counted anew,
 * and the step, which can be repeated like all of them, has one more try. Throws RollbookFailure STEP_TOO_SLOW when that
 * is no better: a run that beats for hours and does not get on is worse than one that ends with a reason.
 */
export function withinTimeLimit<Argument extends RunRef, Result>(
  { db, log, deriveStatementTimeout = deriveDefaultTimeout }: TimeLimitDependencies,
  step: (argument: Argument) => Promise<Result>,
): (argument: Argument) => Promise<Result> {
  return async (argument) => {
    const { districtId, runId } = argument
    const rows = await withDistrict(db, districtId, (trx) => estimateRows(trx, runId))
    const timeoutMs = deriveStatementTimeout(rows)
    try {
      return await withStatementLimits({ timeoutMs }, async () => {
        // In a transaction of its own: others learn of it at once, and need not wait for the step.
        await withDistrict(db, districtId, (trx) => countOutgrownTables(trx, runId))
        return step(argument)
      })
    } catch (error) {
      if (!isTimedOut(error)) throw error
    }
    log.warn({ runId, timeoutMs }, 'a statement took too long; the tables are counted, and the step is tried once more')
    await withDistrict(db, districtId, (trx) => countTables(trx, runId))
    try {
      return await withStatementLimits({ timeoutMs: timeoutMs * secondTimeFactor }, () => step(argument))
    } catch (error) {
      throw isTimedOut(error) ? new RollbookFailure('STEP_TOO_SLOW', undefined, { cause: error }) : error
    }
  }
}
