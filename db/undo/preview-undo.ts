import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { UndoSkip } from '../../domain/undo/undo-skip.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../queries/runs.ts'
import { buildCreatedShape, toUuid } from './undo-batch.ts'
import { findUndoChain, hasCreated, type UndoChain } from './find-undo-chain.ts'
import { quoteLiteral } from '../staging/quote-literal.ts'
import { quoteName } from '../staging/staged-parts.ts'
import { selectWanted } from './give-up-ids.ts'
import { buildCountFreeSql, buildKeptSql, type CreatedShape } from './undo-created-sql.ts'
import { buildFieldsSql, isIdTaken } from './undo-sql.ts'
import type { UndoTotals } from './undo-totals.ts'

export type UndoPreview = UndoTotals & { readonly skipped: readonly UndoSkip[] }

/** An id that no run has: the undo that is only thought of. */
const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * What an undo of the run would do if it came now; changes nothing. Of a record that the run changed twice, because its
 * plan was made again, the last change is looked at.
 */
export async function previewUndo(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, limit }: { readonly run: RunRow; readonly limit: number },
): Promise<UndoPreview> {
  const chain = await findUndoChain(trx, run)
  const changed = await previewJournal(trx, dataType, run, chain)
  const created = await previewCreated(trx, dataType, run, chain)
  const skipped = [...changed.skipped, ...created.skipped].sort(compareSkips)
  return {
    reverted: changed.reverted + (created.becomes === 'active' ? created.count : 0),
    madeInactive: created.becomes === 'inactive' ? created.count : 0,
    skippedCount: skipped.length,
    skipped: skipped.slice(0, limit),
  }
}

async function previewJournal(trx: Transaction<Database>, dataType: DataType, run: RunRow, chain: UndoChain) {
  const target = toUuid(run.id)
  const journal =
    chain.root.planNo === 0
      ? `(select * from journal where run_id = ${target})`
      : `(select distinct on (record_id) * from journal where run_id = ${target} order by record_id, plan_no desc)`
  const givesUp = buildGivesUp(dataType, run, chain)
  const isPlain = `(r.revision = j.revision and j.after is not null and not ${isIdTaken(dataType, 'j', givesUp)})`
  const shape = { district: toUuid(run.districtId), undo: toUuid(nobody), target }
  const { rows } = await sql<{ total: number; unfree: number; skipped: UndoSkip[] }>`
    with ${sql.raw(buildFieldsSql(dataType, shape, `${journal} j`, `not ${isPlain}`, { givesUp }))}
    select (select count(*)::int from ${sql.raw(journal)} j) as total,
      (select count(*)::int from (
        select record_id from fields group by record_id having bool_and(reason is not null)) as wholly) as unfree,
      coalesce((select jsonb_agg(jsonb_build_object('recordId', record_id, 'field', field, 'reason', reason, 'by', by))
        from fields where reason is not null), '[]') as skipped`.execute(trx)
  const [found] = rows
  return { reverted: (found?.total ?? 0) - (found?.unfree ?? 0), skipped: found?.skipped ?? [] }
}

/** The holder of an id gives it up in the same undo: by its journal, or because it was created with it. */
function buildGivesUp(dataType: DataType, run: RunRow, chain: UndoChain): string {
  const [firstKey] = dataType.matchKeys
  const field = quoteLiteral(firstKey)
  const byJournal = `exists (select from journal own where own.run_id = ${toUuid(run.id)} and own.record_id = holder.id
      and own.before ? ${field} and own.after ->> ${field} = holder.${quoteName(columnOf(firstKey))})`
  if (chain.undos.length > 0) return byJournal
  return `(${byJournal} or holder.id in (select id from (${selectWanted(dataType, buildThoughtOf(run, chain))}) as wanted))`
}

function buildThoughtOf(run: RunRow, chain: UndoChain): CreatedShape {
  const undo = { ...run, id: nobody, undoOf: run.id }
  return buildCreatedShape({ run: undo, chain: { ...chain, undos: [...chain.undos, undo] } }, null)
}

async function previewCreated(trx: Transaction<Database>, dataType: DataType, run: RunRow, chain: UndoChain) {
  const shape = buildThoughtOf(run, chain)
  const { becomes } = shape
  if (!(await hasCreated(trx, chain.root.id))) return { becomes, count: 0, skipped: [] }
  const free = await sql.raw<{ count: number }>(buildCountFreeSql(dataType, shape)).execute(trx)
  const kept = await sql
    .raw<UndoSkip>(`select id as record_id, field, reason, by from (${buildKeptSql(dataType, shape)}) as kept`)
    .execute(trx)
  return { becomes, count: free.rows[0]?.count ?? 0, skipped: kept.rows }
}

function compareSkips(a: UndoSkip, b: UndoSkip): number {
  if (a.recordId !== b.recordId) return a.recordId < b.recordId ? -1 : 1
  return a.field < b.field ? -1 : a.field > b.field ? 1 : 0
}
