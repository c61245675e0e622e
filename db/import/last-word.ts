import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunRow } from './runs.ts'
import { buildCountBatchesSql } from './count-batches.ts'

/**
 * Which input the records follow. Imports are ordered by when they were asked for. One takes the place of all that are
 * older when it begins to apply, or is found to have nothing to apply: from that moment none of those may. Whoever says
 * or judges so holds the dataset (lockDataset), so that one of two is always the first. A test says nothing, nor does a
 * run that was cancelled, discarded or refused; undos and runs that carry decisions out change records, and bring no
 * input. A field import says nothing about what others bring: it takes the place of older ones of its connection alone.
 */
type DatasetKey = Pick<RunRow, 'districtId' | 'dataType'>

/** What is known of the records of a data type. */
export type HeldDataset = {
  readonly version: number
  readonly lastRunId: string | null
  /** Of that run, as far as they are done. */
  readonly batches: number
}

/** Holds the data type of the district against everybody else who wants to change its records, until the transaction ends. */
export async function lockDataset(
  trx: Transaction<Database>,
  { districtId, dataType }: DatasetKey,
): Promise<HeldDataset> {
  await sql`
    insert into dataset_versions (district_id, data_type) values (${districtId}, ${dataType})
    on conflict (district_id, data_type) do update set version = dataset_versions.version`.execute(trx)
  // A statement of its own: it sees the batches of whoever was waited for.
  const { rows } = await sql<HeldDataset>`
    select version, last_run_id, ${sql.raw(buildCountBatchesSql('last_run_id'))} as batches
    from dataset_versions where district_id = ${districtId} and data_type = ${dataType}`.execute(trx)
  const [held] = rows
  if (held === undefined) throw new Error('an upsert gives its row')
  return held
}

/**
 * The newest import that was asked for after this one and has taken its place; with `orHeld` also one that waits for a
 * person. What somebody took back since does not count. Of two imports only: one that carries decisions out is out of
 * date only when a newer import changed records, which the rows it was made from then may not know.
 */
export async function findNewerWord(
  trx: Transaction<Database>,
  runId: string,
  { orHeld = false }: { readonly orHeld?: boolean } = {},
): Promise<{ readonly runId: string } | undefined> {
  const { rows } = await sql<{ runId: string }>`
    with recursive run as (
      select * from import_runs where id = ${runId}
    ), undos as (
      select root.district_id, root.data_type, root.id as root_id, root.applied_version as root_version, u.id,
        u.applied_version as version
      from import_runs u join import_runs root on root.id = u.undo_of and root.undo_of is null and not root.is_resolution
      join run on run.district_id = u.district_id and run.data_type = u.data_type and ${isOfItsKind('root')}
      union all
      select undos.district_id, undos.data_type, root_id, root_version, u.id, u.applied_version
      from undos join import_runs u on u.undo_of = undos.id
    )
    select newer.id as run_id
    from run join import_runs newer on newer.district_id = run.district_id and newer.data_type = run.data_type
      and (newer.created_at, newer.id) > (run.created_at, run.id)
    where newer.undo_of is null and not newer.is_resolution and not newer.is_test and ${isOfItsKind('newer')}
      and (not run.is_resolution or newer.applied_version is not null)
      and case
        when newer.state in ('applying', 'completed', 'completedWithAlerts', 'unchanged') then true
        -- Part of it is in, and it goes on.
        when newer.state in ('validating', 'planned', 'held')
          then newer.applied_version is not null or (${orHeld} and newer.state = 'held')
        -- What is undone had ended well, or not.
        else newer.state in ('undone', 'partlyUndone') and newer.closed_reason is null and newer.failure is null
      end
      -- Taken back, it or what it found to be there: an odd number of undos since.
      and not exists (
        select from undos where undos.root_version <= coalesce(newer.applied_version, newer.roster_version, 0)
          and undos.version > coalesce(newer.applied_version, newer.roster_version, 0)
        group by root_id having count(*) % 2 = 1
      )
    order by newer.created_at desc, newer.id desc limit 1`.execute(trx)
  return rows[0]
}

/** That a run tells of what `run` tells of: of fields only another input of the same connection does. */
function isOfItsKind(other: string) {
  return sql.raw(
    `${other}.is_field_import = run.is_field_import and (not run.is_field_import or ${other}.connection_id = run.connection_id)`,
  )
}

/** The oldest import of the data type that was asked for before this one and is at work; a held one is not. */
export function findOlderAtWork(
  trx: Transaction<Database>,
  runId: string,
): Promise<{ readonly runId: string } | undefined> {
  return findOlder(
    trx,
    runId,
    `older.state in ('queued', 'validating', 'planned', 'applying') and older.undo_of is null and not older.is_resolution
      and not older.is_field_import`,
  )
}

/**
 * An undo in the data type that was asked for before this run and is not carried out yet: the oldest, or the run that is
 * taken back with everything after it, one undo after the other.
 */
export async function findOlderUndo(
  trx: Transaction<Database>,
  runId: string,
): Promise<{ readonly runId: string } | undefined> {
  const undo = await findOlder(trx, runId, `older.state = 'applying' and older.undo_of is not null`)
  if (undo !== undefined) return undo
  const { rows } = await sql<{ runId: string }>`
    select through.run_id
    from import_runs run join undo_throughs through on through.district_id = run.district_id
    join import_runs target on target.id = through.run_id and target.data_type = run.data_type
    where run.id = ${runId} and through.state = 'undoing' and through.created_at < run.created_at
    limit 1`.execute(trx)
  return rows[0]
}

async function findOlder(trx: Transaction<Database>, runId: string, condition: string) {
  const { rows } = await sql<{ runId: string }>`
    select older.id as run_id
    from import_runs run join import_runs older on older.district_id = run.district_id and older.data_type = run.data_type
      and (older.created_at, older.id) < (run.created_at, run.id)
    where run.id = ${runId} and not older.is_test and ${sql.raw(condition)}
    order by older.created_at, older.id limit 1`.execute(trx)
  return rows[0]
}
