import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import type { UndoChain } from '../import/find-undo-chain.ts'
import { buildCountWantedSql } from './give-up-ids.ts'
import { buildCreatedShape, type UndoWork } from './undo-batch.ts'

/** Comes before or after every plan: an undo goes through the phases in order. */
const givenUpFirst = 0
const createdFirst = 0
const createdLast = 32_000

/**
 * Divides the work of an undo into batches, once: the journal of the run it takes back, the last plan first, and the
 * records that were created at the beginning of the chain. An import created before it changed, as far as one record is
 * concerned, so its undo comes to that last, and the undo of that undo first.
 */
export async function divideUndo(
  trx: Transaction<Database>,
  dataType: DataType,
  {
    run,
    chain,
    withCreated,
    batchRows,
  }: {
    readonly run: UndoWork['run']
    readonly chain: UndoChain
    readonly withCreated: boolean
    readonly batchRows: number
  },
): Promise<void> {
  const begun = await trx.selectFrom('undoBatches').select('batchNo').where('runId', '=', run.id).executeTakeFirst()
  if (begun !== undefined) return
  await sql`
    insert into undo_batches (district_id, run_id, batch_no, phase, part, plan_no, first_seq, last_seq, rows)
    select ${run.districtId}, ${run.id}, row_number() over (order by plan_no desc, min(seq)),
      1 + dense_rank() over (order by plan_no desc), 'journal', plan_no, min(seq), max(seq), count(*)
    from (
      select plan_no, seq, (row_number() over (partition by plan_no order by seq) - 1) / ${batchRows}::int as part
      from journal where run_id = ${run.undoOf}
    ) as numbered
    group by plan_no, part`.execute(trx)
  if (!withCreated) return
  // Later undos of the chain find it in the journal.
  if (chain.undos.length === 1) await divideGivenUp(trx, dataType, { run, chain })
  const phase = chain.undos.length > 1 ? createdFirst : createdLast
  await sql`
    insert into undo_batches (district_id, run_id, batch_no, phase, part, first_id, last_id, rows)
    select ${run.districtId}, ${run.id},
      (select coalesce(max(batch_no), 0) from undo_batches where run_id = ${run.id}) + row_number() over (order by part),
      ${phase}, 'created', (array_agg(id order by n))[1], (array_agg(id order by n desc))[1], max(n) - min(n) + 1
    from (
      select id, n, n / ${batchRows}::int as part
      from (
        select id, row_number() over ids - 1 as n, lead(id) over ids is null as is_last
        from ${sql.table(dataType.table)}
        where district_id = ${run.districtId} and created_run_id = ${chain.root.id}
        window ids as (order by id)
      ) as numbered
      where n % ${batchRows}::int in (0, ${batchRows}::int - 1) or is_last
    ) as ends
    group by part`.execute(trx)
}

async function divideGivenUp(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, chain }: Pick<UndoWork, 'run' | 'chain'>,
): Promise<void> {
  const shape = buildCreatedShape({ run, chain }, null)
  await sql`
    insert into undo_batches (district_id, run_id, batch_no, phase, part, rows)
    select ${run.districtId}, ${run.id},
      (select coalesce(max(batch_no), 0) + 1 from undo_batches where run_id = ${run.id}), ${givenUpFirst}, 'givenUp', count
    from (${sql.raw(buildCountWantedSql(dataType, shape))}) as wanted where count > 0`.execute(trx)
}
