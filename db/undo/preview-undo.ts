import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { UndoSkip } from '../../domain/undo/undo-skip.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import { buildCreatedShape, toUuid } from './undo-batch.ts'
import { findUndoChain, hasCreated, type UndoChain } from '../import/find-undo-chain.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { givenUpPlanNo, handedBackPlanNo, selectWanted } from './give-up-ids.ts'
import { buildCountFreeSql, buildKeptSql, type CreatedShape } from './undo-created-sql.ts'
import { buildFieldsSql, isIdTaken } from './undo-sql.ts'
import type { UndoTotals } from './undo-totals.ts'

export type UndoPreview = UndoTotals & { readonly skipped: readonly UndoSkip[] }

/** An id that no run has: the undo that is only thought of. */
const nobody = '00000000-0000-0000-0000-000000000000'

type PreviewOptions = {
  readonly run: RunRow
  readonly limit: number
  /** The runs since that are taken back before it, as if that were done: what they changed is no reason to leave anything. */
  readonly later?: readonly string[]
}

/**
 * What an undo of the run would do if it came now; changes nothing. Of a record that the run changed twice, because its
 * plan was made again, the last change is looked at.
 */
export async function previewUndo(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, limit, later = [] }: PreviewOptions,
): Promise<UndoPreview> {
  const chain = await findUndoChain(trx, run)
  const work = { run, chain, ...(later.length > 0 && { later: `${quoteLiteral(`{${later.join(',')}}`)}::uuid[]` }) }
  const changed = await previewJournal(trx, dataType, work)
  const created = await previewCreated(trx, dataType, work)
  const skipped = [...changed.skipped, ...created.skipped].sort(compareSkips)
  return {
    reverted: changed.reverted + (created.becomes === 'active' ? created.count : 0),
    madeInactive: created.becomes === 'inactive' ? created.count : 0,
    skippedCount: skipped.length,
    skipped: skipped.slice(0, limit),
  }
}

/** `later` as an array of SQL. */
type PreviewWork = { readonly run: RunRow; readonly chain: UndoChain; readonly later?: string }

async function previewJournal(trx: Transaction<Database>, dataType: DataType, work: PreviewWork) {
  const { run, chain, later } = work
  const target = toUuid(run.id)
  const journal =
    chain.root.planNo === 0
      ? `(select * from journal where run_id = ${target})`
      : `(select distinct on (record_id) * from journal where run_id = ${target} order by record_id, plan_no desc)`
  const givesUp = buildGivesUp(dataType, work)
  const isPlain = `(r.revision = j.revision and j.after is not null and not ${isIdTaken(dataType, 'j', givesUp)})`
  const shape = { district: toUuid(run.districtId), undo: toUuid(nobody), target }
  // What a created record is called counts with whether it is there.
  const isOfPlan = sql`j.plan_no not in (${givenUpPlanNo}, ${handedBackPlanNo})`
  const { rows } = await sql<{ total: number; unfree: number; skipped: UndoSkip[] }>`
    with ${sql.raw(buildFieldsSql(dataType, shape, `${journal} j`, `not ${isPlain}`, { givesUp, ...(later !== undefined && { later }) }))}
    select (select count(*)::int from ${sql.raw(journal)} j where ${isOfPlan}) as total,
      (select count(*)::int from (
        select record_id from fields group by record_id having bool_and(reason is not null)) as wholly
        where exists (select from journal j where j.run_id = ${run.id} and j.record_id = wholly.record_id and ${isOfPlan})
      ) as unfree,
      coalesce((select jsonb_agg(jsonb_build_object('recordId', record_id, 'field', field, 'reason', reason, 'by', by))
        from fields where reason is not null), '[]') as skipped`.execute(trx)
  const [found] = rows
  return { reverted: (found?.total ?? 0) - (found?.unfree ?? 0), skipped: found?.skipped ?? [] }
}

/** The holder of an id gives it up in the same undo: by its journal, or because it was created with it. */
function buildGivesUp(dataType: DataType, work: PreviewWork): string {
  const { run, chain, later } = work
  const [firstKey] = dataType.matchKeys
  const field = quoteLiteral(firstKey)
  const ofRuns = `(own.run_id = ${toUuid(run.id)}${later === undefined ? '' : ` or own.run_id = any (${later})`})`
  const byJournal = `exists (select from journal own where ${ofRuns} and own.record_id = holder.id
      and own.before ? ${field} and own.after ->> ${field} = holder.${quoteName(columnOf(firstKey))})`
  if (chain.undos.length > 0) return byJournal
  return `(${byJournal} or holder.id in (select id from (${selectWanted(dataType, buildThoughtOf(work))}) as wanted where ${field} = any (freed)))`
}

function buildThoughtOf({ run, chain, later }: PreviewWork): CreatedShape {
  const undo = { ...run, id: nobody, undoOf: run.id }
  const shape = buildCreatedShape({ run: undo, chain: { ...chain, undos: [...chain.undos, undo] } }, null)
  return { ...shape, ...(later !== undefined && { later }) }
}

async function previewCreated(trx: Transaction<Database>, dataType: DataType, work: PreviewWork) {
  const shape = buildThoughtOf(work)
  const { becomes } = shape
  if (!(await hasCreated(trx, work.chain.root.id))) return { becomes, count: 0, skipped: [] }
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
