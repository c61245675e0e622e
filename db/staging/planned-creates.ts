import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteName, schoolOf } from '../fields/field-sql.ts'
import { partBit, stagedKind } from './staged-parts.ts'

/**
 * What a plan creates is not written down a second time: every staged record that is to be imported and that no row of
 * the plan names. As a condition on the staged row `s`, with SQL for the run and the plan's number; `range` is what
 * the caller knows of `seq`, said of the plan's rows as well so that both sides are read in one sweep.
 */
export function isPlannedCreate(
  plan: { readonly run: string; readonly planNo: string },
  range?: { readonly firstSeq: number; readonly lastSeq: number },
): string {
  const isNear = range === undefined ? '' : ` and named.seq between ${range.firstSeq} and ${range.lastSeq}`
  return `(${isCreatable} and not exists (select from plan_rows named
    where named.run_id = ${plan.run} and named.plan_no = ${plan.planNo} and named.seq = s.seq${isNear}))`
}

/** Of a staged row `s` that no row of the plan names. */
export const isCreatable = `s.kind = ${stagedKind.active} and s.parts & ${partBit.primary} <> 0`

/** `seq` and school of the plan's creates, in no order. */
export function buildCreatesSql(dataType: DataType, plan: { readonly run: string; readonly planNo: string }): string {
  return `select s.seq, ${schoolOf(dataType, 's')} as school_id from ${quoteName(dataType.stagedTable)} s
      where s.run_id = ${plan.run} and ${isPlannedCreate(plan)}`
}

/**
 * The id of the record that a plan creates from a staged row: the first half of the run's id, the plan's number and
 * the row's. So a repeated batch gives the same ids, they ascend as uuidv7() would at a fraction of its cost, and what
 * a run created lies in one range of the primary key. Arguments are SQL.
 */
export function buildNewId(run: string, planNo: string, seq: string): string {
  return `(left(${run}::text, 24) || lpad(to_hex((${planNo})::int), 4, '0') || lpad(to_hex(${seq}), 8, '0'))::uuid`
}

/** The highest that the column holds. */
export const maxSeq = 2_147_483_647
