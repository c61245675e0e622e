import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { PlanTotals } from '../../domain/plan/safety-limits.ts'
import type { Database } from '../database.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName, schoolOf } from '../fields/field-sql.ts'
import type { ConflictCount } from '../matching/find-identity-conflicts.ts'
import { sumByAction, sumCounts, type PlanCount } from './plan-counts.ts'
import { buildRekeyedSql, buildResemblingSql, type PlanShape } from './plan-sql.ts'

/** What the safety limits are shares of. Counting what is held reads every record, so a harmless plan does without. */
export async function countPlanTotals(
  trx: Transaction<Database>,
  dataType: DataType,
  shape: PlanShape,
  { counts, conflicts }: { readonly counts: readonly PlanCount[]; readonly conflicts: readonly ConflictCount[] },
): Promise<Omit<PlanTotals, 'rowsRead' | 'rejectedRows' | 'doubts'>> {
  const { create, update, reactivate, deactivate } = sumByAction(counts)
  const identityConflicts = conflicts.reduce((total, { count }) => total + count, 0)
  const changes = create + update + reactivate + deactivate
  const changing = { deactivations: deactivate, updates: update, changes, identityConflicts }
  if (deactivate + update + reactivate + identityConflicts === 0)
    return { activeCount: 0, ...changing, moves: 0, changedIds: 0, schools: [] }
  const held = await countHeld(trx, dataType, shape)
  const resembling = create > 0 && deactivate > 0 ? await count(trx, buildResemblingSql(dataType, shape)) : 0
  const rekeyed = update + reactivate > 0 ? await count(trx, buildRekeyedSql(dataType, shape)) : 0
  const deactivations = counts.filter(({ action }) => action === 'deactivate')
  const schoolIds = new Set(
    [...deactivations, ...conflicts].map(({ schoolId }) => schoolId).filter((id) => id !== null),
  )
  const moves = update > 0 ? await countMoves(trx, dataType, shape) : new Map<string | null, number>()
  const schools = [...schoolIds].map((schoolId) => ({
    schoolId,
    activeCount: held.bySchool.get(schoolId) ?? 0,
    deactivations: sumCounts(deactivations, (row) => row.schoolId === schoolId),
    identityConflicts: conflicts.find((row) => row.schoolId === schoolId)?.count ?? 0,
    moves: moves.get(schoolId) ?? 0,
  }))
  const moved = [...moves.values()].reduce((total, ofSchool) => total + ofSchool, 0)
  return { activeCount: held.total, ...changing, moves: moved, changedIds: resembling + rekeyed, schools }
}

async function countHeld(trx: Transaction<Database>, dataType: DataType, { district }: PlanShape) {
  const school = schoolOf(dataType, 'r')
  const { rows } = await sql
    .raw<{ schoolId: string | null; count: number }>(
      `select ${school} as school_id, count(*)::int as count from ${quoteName(dataType.table)} r
       where district_id = ${district} and status = 'active' group by 1`,
    )
    .execute(trx)
  return {
    total: rows.reduce((total, row) => total + row.count, 0),
    bySchool: new Map(rows.map((row) => [row.schoolId, row.count])),
  }
}

/** By the school they leave. */
async function countMoves(trx: Transaction<Database>, { schoolField }: DataType, { run, planNo }: PlanShape) {
  const { rows } = await sql
    .raw<{ schoolId: string | null; count: number }>(
      `select school_id, count(*)::int as count from plan_rows
       where run_id = ${run} and plan_no = ${planNo} and action = 'update' and changes ? ${quoteLiteral(schoolField ?? '')}
       group by school_id`,
    )
    .execute(trx)
  return new Map(rows.map((row) => [row.schoolId, row.count]))
}

async function count(trx: Transaction<Database>, statement: string): Promise<number> {
  const { rows } = await sql.raw<{ count: number }>(statement).execute(trx)
  return rows[0]?.count ?? 0
}
