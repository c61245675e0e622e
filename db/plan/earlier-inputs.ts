import { sql, type Transaction } from 'kysely'
import type { InputDoubts } from '../../domain/plan/safety-limits.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import type { StagingFacts } from '../tables/import-runs.ts'

/** What the inputs that were applied before from the same connection say about the input of a run. */
export type EarlierInputs = {
  /** A complete input shows whatever the source changed before then; null where none says when that was. */
  readonly wholeAsOf: string | null
  readonly doubts: InputDoubts
}

/**
 * Compares the input of a run with those that the records follow by now: of its connection and data type, applied
 * whole, and not taken back (rules D-05 and D-08). A time that lies ahead of the clock of the run it came with says
 * nothing.
 */
export async function findEarlierInputs(trx: Transaction<Database>, run: RunRow): Promise<EarlierInputs> {
  const { rows } = await sql<{
    wholeAsOf: Date | null
    newestChange: Date | null
    lastFormat: string | null
    hadDelta: boolean
    hadWholeAfterDelta: boolean
  }>`
    with earlier as (
      select id, created_at, staging ->> 'format' as format,
        -- Where we choose what to ask for, the one is no surprise after the other.
        (staging ->> 'isDelta')::boolean and staging -> 'isChosenDelta' is null as is_delta,
        (staging ->> 'isComplete')::boolean and not is_additions_only as is_whole,
        case when (staging ->> 'newestChange')::timestamptz <= created_at
          then (staging ->> 'newestChange')::timestamptz end as newest_change
      from import_runs where ${isAppliedBefore(run)}
    ),
    whole as (
      select created_at, newest_change from earlier where is_whole and newest_change is not null
      order by created_at desc, id desc limit 1
    )
    select (select newest_change from whole) as whole_as_of,
      (select max(newest_change) from earlier
        where created_at >= coalesce((select created_at from whole), '-infinity')) as newest_change,
      (select format from earlier where format is not null order by created_at desc, id desc limit 1) as last_format,
      exists (select from earlier where is_delta) as had_delta,
      exists (select from earlier later where not later.is_delta
        and exists (select from earlier where is_delta and created_at < later.created_at)) as had_whole_after_delta`.execute(
    trx,
  )
  const [found] = rows
  const facts = run.staging
  if (found === undefined || facts === null) throw new Error(`run ${run.id} has not been staged`)
  return {
    wholeAsOf: facts.isDelta ? (found.wholeAsOf?.toISOString() ?? null) : null,
    doubts: {
      isLate: isLate(facts, found.newestChange),
      isOtherFormat: facts.format !== undefined && found.lastFormat !== null && facts.format !== found.lastFormat,
      isFirstWholeAfterDeltas: !facts.isDelta && found.hadDelta && !found.hadWholeAfterDelta,
    },
  }
}

/** The files of the last of those inputs that called itself complete; undefined where none says what it had. */
export async function findLastFiles(
  trx: Transaction<Database>,
  run: RunRow,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { rows } = await sql<{ files: Readonly<Record<string, string>> }>`
    select staging -> 'files' as files from import_runs
    where ${isAppliedBefore(run)} and staging -> 'files' is not null
    order by created_at desc, id desc limit 1`.execute(trx)
  return rows[0]?.files
}

function isAppliedBefore({ id, connectionId, dataType }: RunRow) {
  return sql`connection_id = ${connectionId} and data_type = ${dataType} and id <> ${id}
    and state in ('completed', 'completedWithAlerts') and staging is not null
    and not is_test and not is_resolution and undo_of is null`
}

function isLate({ isDelta, newestChange }: StagingFacts, newestApplied: Date | null): boolean {
  return (
    isDelta &&
    newestChange !== undefined &&
    newestApplied !== null &&
    Date.parse(newestChange) < newestApplied.getTime()
  )
}
