import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunRow } from './runs.ts'

const mostRuns = 200

/**
 * Runs of the transaction's district that are under way or held, and those that began, ended or were taken back since a
 * moment; with the moment of the look, by the clock of the database.
 */
export async function watchRuns(
  trx: Transaction<Database>,
  since: Date | undefined,
): Promise<{ readonly at: Date; readonly runs: RunRow[] }> {
  const { rows } = await sql<{ at: Date }>`select now() as at`.execute(trx)
  const at = rows[0]?.at ?? new Date()
  const from = since ?? at
  const runs = await trx
    .selectFrom('importRuns')
    .selectAll()
    .where((where) =>
      where.or([
        where('state', 'in', ['queued', 'validating', 'planned', 'held', 'applying']),
        where('createdAt', '>=', from),
        where('finishedAt', '>=', from),
        where('id', 'in', (undone) =>
          undone
            .selectFrom('importRuns as u')
            .select('u.undoOf')
            .where('u.finishedAt', '>=', from)
            .$castTo<{ undoOf: string }>(),
        ),
      ]),
    )
    .orderBy('createdAt', 'desc')
    .limit(mostRuns)
    .execute()
  return { at, runs }
}

/** What of the transaction's district waits for a person: open alerts by data type, and open duplicate cases. */
export async function countWaiting(
  trx: Transaction<Database>,
): Promise<{ readonly openAlerts: Record<string, number>; readonly openCases: number }> {
  const alerts = await trx
    .selectFrom('alerts')
    .select(['dataType', sql<number>`count(*)`.as('count')])
    .where('closedAt', 'is', null)
    .groupBy('dataType')
    .orderBy('dataType')
    .execute()
  const cases = await trx
    .selectFrom('duplicateCases')
    .select(sql<number>`count(*)`.as('count'))
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return {
    openAlerts: Object.fromEntries(alerts.map(({ dataType, count }) => [dataType, count])),
    openCases: cases.count,
  }
}
