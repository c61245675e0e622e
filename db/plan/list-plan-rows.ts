import { sql, type RawBuilder, type Transaction } from 'kysely'
import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'
import { schoolOf } from '../fields/field-sql.ts'
import { seesRow, seesSchool } from '../fields/sees-row.ts'
import { showChangedReferences } from '../fields/show-references.ts'
import { buildNewId, isCreatable } from '../staging/planned-creates.ts'
import type { FieldChanges } from '../tables/plans.ts'
import { customFieldPrefix } from '../records/compared-fields.ts'
import { pickName, pickSisId, type RecordName } from '../records/record-names.ts'

export type PlanRowPage = {
  readonly runId: string
  readonly planNo: number
  readonly afterSeq: number
  readonly limit: number
  /** Leaves out the rows that change nothing. */
  readonly changesOnly?: boolean
  readonly filter?: PlanFilter
}

/** What rows must be; what is not named may be anything. */
export type PlanFilter = {
  readonly actions?: readonly string[] | undefined
  /** Source key of the school that the row counts at. */
  readonly school?: string | undefined
  /** A field that it changes, or that a new record has; a custom one as the journal names it. */
  readonly field?: string | undefined
}

export type ListedPlanRow = RecordName & {
  readonly planNo: number
  readonly seq: number
  readonly action: PlanAction
  readonly recordId: string | null
  readonly school: string | null
  readonly schoolName: string | null
  readonly line: number | null
  readonly reason: string | null
  readonly changes: FieldChanges | null
}

/**
 * Rows of a run's plan in order. A create has no row of its own (db/staging/planned-creates.ts); the values of its staged
 * row are given here as changes from nothing. A reference is shown as people know it. Id and name are those of the record that we
 * hold, and of the staged row where none is held or the row is skipped: it may be about somebody else then.
 */
export async function listPlanRows(
  trx: Transaction<Database>,
  dataType: DataType,
  page: PlanRowPage,
): Promise<ListedPlanRow[]> {
  const values = storedFields(dataType).flatMap((field) => [
    sql.lit(field),
    sql`to_jsonb(${sql.ref(`s.${columnOf(field)}`)})`,
  ])
  const isMeant = page.changesOnly === true ? sql`p.action not in ('unchanged', 'skip')` : sql`true`
  const school = sql.raw(schoolOf(dataType, 's'))
  const ofPlan = matchPlanned(page.filter)
  const ofCreate = matchCreated(dataType, page.filter)
  const staged = sql.table(dataType.stagedTable)
  const newId = sql.raw(buildNewId('s.run_id', `${page.planNo}`, 's.seq'))
  const pickKnown = (pick: typeof pickName) => sql`case when page.action = 'skip'
      then coalesce(${pick(dataType, 's')}, ${pick(dataType, 'r')}) else coalesce(${pick(dataType, 'r')}, ${pick(dataType, 's')}) end`
  // Staged rows first and then what was not staged: so one walk along each index gives the page, however the actions
  // are spread.
  const { rows } = await sql<ListedPlanRow & { created: Readonly<Record<string, unknown>> | null }>`
    with page as (
      (
        select s.seq, coalesce(p.action, 'create') as action,
          case when p.seq is null then ${newId} else p.record_id end as record_id,
          case when p.seq is null then ${school} else p.school_id end as school_id, p.reason, p.changes
        from ${staged} s
        left join plan_rows p on p.run_id = ${page.runId} and p.plan_no = ${page.planNo} and p.seq = s.seq
        where s.run_id = ${page.runId} and s.seq > ${page.afterSeq}
          and case when p.seq is null then ${sql.raw(isCreatable)} and ${ofCreate} else ${isMeant} and ${ofPlan} end
          and case when p.seq is null then ${seesRow(dataType, 's')} else ${seesSchool('p.school_id')} end
        order by s.seq
        limit ${page.limit}
      ) union all (
        select p.seq, p.action, p.record_id, p.school_id, p.reason, p.changes
        from plan_rows p
        where p.run_id = ${page.runId} and p.plan_no = ${page.planNo}
          and p.seq > greatest(${page.afterSeq}::int, (select max(seq) from ${staged} where run_id = ${page.runId}))
          and ${isMeant} and ${ofPlan} and ${seesSchool('p.school_id')}
        order by p.seq
        limit ${page.limit}
      )
      order by seq
      limit ${page.limit}
    )
    select ${page.planNo}::int as plan_no, page.seq, page.action, page.record_id, o.source_key as school, o.name as school_name, s.line,
      ${pickKnown(pickSisId)} as sis_id, ${pickKnown(pickName)} as name, page.reason, page.changes,
      case when page.action = 'create' then
        jsonb_strip_nulls(jsonb_build_object(${sql.join(values)})) || coalesce(s.custom_fields, '{}')
      end as created
    from page
    left join ${staged} s on s.run_id = ${page.runId} and s.seq = page.seq
    left join ${sql.table(dataType.table)} r on r.id = page.record_id
    left join orgs o on o.id = page.school_id
    order by page.seq`.execute(trx)
  const changes = await showChangedReferences(
    trx,
    dataType,
    rows.map((row) => (row.created === null ? row.changes : fromNothing(row.created))),
  )
  return rows.map(({ created: _created, ...row }, at) => ({ ...row, changes: changes[at] ?? null }))
}

function fromNothing(values: Readonly<Record<string, unknown>>): FieldChanges {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, [null, value] as const]))
}

/** Whether the row `p` of the plan is meant. */
function matchPlanned({ actions, school, field }: PlanFilter = {}): RawBuilder<boolean> {
  return everyOf([
    actions === undefined ? undefined : sql`p.action = any (${actions}::text[])`,
    school === undefined ? undefined : sql`p.school_id = ${findSchool(school)}`,
    field === undefined ? undefined : sql`coalesce(p.changes ? ${field}, false)`,
  ])
}

/** Whether the staged row `s` is meant, which has no row in the plan because it is created. */
function matchCreated(dataType: DataType, { actions, school, field }: PlanFilter = {}): RawBuilder<boolean> {
  if (actions !== undefined && !actions.includes('create')) return sql`false`
  return everyOf([
    school === undefined ? undefined : sql`${sql.raw(schoolOf(dataType, 's'))} = ${findSchool(school)}`,
    field === undefined ? undefined : hasField(dataType, field),
  ])
}

function hasField(dataType: DataType, field: string): RawBuilder<boolean> {
  if (field.startsWith(customFieldPrefix)) {
    return sql`coalesce(s.custom_fields ? ${field.slice(customFieldPrefix.length)}, false)`
  }
  return storedFields(dataType).includes(field) ? sql`${sql.ref(`s.${columnOf(field)}`)} is not null` : sql`false`
}

function findSchool(sourceKey: string): RawBuilder<unknown> {
  return sql`(select id from orgs where source_key = ${sourceKey})`
}

function everyOf(conditions: readonly (RawBuilder<unknown> | undefined)[]): RawBuilder<boolean> {
  const asked = conditions.filter((condition) => condition !== undefined)
  return asked.length === 0 ? sql`true` : sql`(${sql.join(asked, sql` and `)})`
}
