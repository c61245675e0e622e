import { sql, type RawBuilder } from 'kysely'

/**
 * True of an `import_runs run` whose log may go: it is over for so many days, cannot be undone any more, is not being
 * undone, and nobody is asked anything about it.
 */
export function isLogPurgeable({
  now,
  logDays,
}: {
  readonly now: Date
  readonly logDays: number
}): RawBuilder<boolean> {
  return sql`(
    coalesce(run.finished_at, run.created_at) < ${now}::timestamptz - make_interval(days => ${logDays})
    and not ${isUnderWay('run')}
    and (run.undo_until is null or run.undo_until <= ${now}::timestamptz)
    and not exists (
      select from import_runs undo where undo.undo_of = run.id and undo.state <> 'discarded' and ${isUnderWay('undo')}
    )
    and not ${isAskedAbout}
  )`
}

/**
 * True of a `run` about which a person is asked something that only its log answers. Whatever else comes to wait for a
 * person with a run's staged rows, findings or plan in hand is added here, and nowhere else. A hint that nobody followed
 * up in all that time goes with the log (purge-run-logs.ts).
 */
const isAskedAbout = sql`(exists (
      select from alerts
      where alerts.district_id = run.district_id and alerts.data_type = run.data_type and alerts.run_id = run.id
        and alerts.closed_at is null
    ) or exists (
      select from duplicate_cases asked where asked.run_id = run.id and asked.state = 'open'
        and (asked.strength = 'likely' or asked.decision is not null)
    ))`

/** Held runs included: whatever can still change something. */
function isUnderWay(run: 'run' | 'undo'): RawBuilder<boolean> {
  return sql`${sql.ref(run)}.state in ('queued', 'validating', 'planned', 'held', 'applying')`
}
