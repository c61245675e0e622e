import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { PlanTotals } from '../../domain/plan/safety-limits.ts'
import type { Database } from '../database.ts'
import { quoteName } from '../staging/staged-parts.ts'
import type { PlanAction } from '../../domain/plan/plan-action.ts'
import { buildChangedIdsSql, type PlanShape } from './plan-sql.ts'

export type SchoolCount = { readonly action: PlanAction; readonly schoolId: string | null; readonly count: number }

/** What the safety limits are shares of. Counting what is held reads every record, so a harmless plan does without. */
export async function countPlanTotals(
  trx: Transaction<Database>,
  dataType: DataType,
  shape: PlanShape,
  counts: readonly SchoolCount[],
): Promise<Omit<PlanTotals, 'rowsRead' | 'rejectedRows'>> {
  const sum = (...actions: readonly SchoolCount['action'][]) =>
    counts.reduce((total, row) => total + (actions.includes(row.action) ? row.count : 0), 0)
  const [deactivations, updates, creates] = [sum('deactivate'), sum('update'), sum('create')]
  if (deactivations === 0 && updates === 0) {
    return { activeCount: 0, deactivations, updates, changedIds: 0, schools: [] }
  }
  const held = await countHeld(trx, dataType, shape)
  const changedIds = creates * deactivations > 0 || updates > 0 ? await countChangedIds(trx, dataType, shape) : 0
  const schools = counts.flatMap(({ action, schoolId, count }) =>
    action === 'deactivate' && schoolId !== null
      ? [{ schoolId, activeCount: held.bySchool.get(schoolId) ?? 0, deactivations: count }]
      : [],
  )
  return { activeCount: held.total, deactivations, updates, changedIds, schools }
}

async function countHeld(trx: Transaction<Database>, dataType: DataType, { district }: PlanShape) {
  const school = dataType.schoolField === undefined ? 'null::uuid' : quoteName(columnOf(dataType.schoolField))
  const { rows } = await sql<{ schoolId: string | null; count: number }>`
    ${sql.raw(`select ${school} as school_id, count(*)::int as count from ${quoteName(dataType.table)}
      where district_id = ${district} and status = 'active' group by 1`)}`.execute(trx)
  return {
    total: rows.reduce((total, row) => total + row.count, 0),
    bySchool: new Map(rows.map((row) => [row.schoolId, row.count])),
  }
}

async function countChangedIds(trx: Transaction<Database>, dataType: DataType, shape: PlanShape): Promise<number> {
  const { rows } = await sql<{ count: number }>`${sql.raw(buildChangedIdsSql(dataType, shape))}`.execute(trx)
  return rows[0]?.count ?? 0
}
