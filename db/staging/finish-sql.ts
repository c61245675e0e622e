import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { AcademicYear } from '../../domain/mapping/academic-year.ts'
import { quoteLiteral } from './quote-literal.ts'
import { choicesColumn, keyField, partBit, quoteName, stagedKind, type StagedColumn } from './staged-parts.ts'

export type FinishedColumns = {
  readonly primaryColumns: readonly StagedColumn[]
  readonly supplementColumns: readonly StagedColumn[]
  /** Fields that were copied as a number of years from the academic year. */
  readonly yearFields: readonly string[]
}

/**
 * The statement that joins the temporary tables of a staging session into the staged rows of a run ($1 district,
 * $2 run). Rows keep the numbers under which they came.
 */
export function buildFinishSql(
  dataType: DataType,
  columns: FinishedColumns,
  academicYear: AcademicYear | undefined,
): string {
  const turned = joinTurnedSchools(dataType, columns, academicYear)
  const year = academicYear === undefined ? undefined : `coalesce(${turned.year}, ${academicYear.year})`
  const selected = storedFields(dataType).map((field) => selectField(dataType, field, columns, year))
  const orgs = selected.flatMap(({ join }) => (join === undefined ? [] : [join]))
  const names = ['custom_fields', ...selected.flatMap(({ columns: named }) => named)]
  return `
    insert into ${quoteName(dataType.stagedTable)}
      (district_id, run_id, seq, line, kind, parts, primary_digest, supplement_digest, primary_modified_at,
        supplement_modified_at, ${names.map(quoteName).join(', ')})
    select $1::uuid, $2::uuid, coalesce(p.seq, s.seq), coalesce(p.line, s.line), coalesce(p.kind, ${stagedKind.active}),
      case when p.line is null then 0 else ${partBit.primary} end
        + case when s.line is null then 0 else ${partBit.supplement} end
        + case when p.kind = ${stagedKind.active} and p.digest is null then ${partBit.primaryDropped} else 0 end
        + case when s.line is not null and s.digest is null then ${partBit.supplementDropped} else 0 end,
      ${turned.digest}, s.digest, p.modified_at, s.modified_at,
      case when p.custom_fields is null then s.custom_fields
        else p.custom_fields || coalesce(s.custom_fields, '{}') end,
      ${selected.flatMap(({ values }) => values).join(',\n      ')}
    from staging_primary p
    full join staging_supplement s on s.source_key = p.source_key
    ${[...orgs, ...turned.joins].join('\n    ')}
    -- A supplement's row alone is a change of a record we hold; of anybody else it is not a row of this data type.
    where p.line is not null or exists (
      select from ${quoteName(dataType.table)} held
      -- As a query of its own: the planner may not know this district yet (db/plan/plan-sql.ts).
      where held.district_id = (select $1::uuid) and held.source_key = s.source_key and held.status = 'active')`
}

function selectField(
  dataType: DataType,
  field: string,
  { primaryColumns, supplementColumns, yearFields }: FinishedColumns,
  year: string | undefined,
): { readonly columns: readonly string[]; readonly values: readonly string[]; readonly join?: string } {
  const column = columnOf(field)
  const isOrg = dataType.fields[field]?.type === 'org'
  const columns = isOrg ? [column, choicesColumn(field)] : [column]
  const copied = quoteName(`f_${column}`)
  const isIn = (part: readonly StagedColumn[]) => part.some((staged) => staged.field === field)
  const source = isIn(primaryColumns) ? `p.${copied}` : isIn(supplementColumns) ? `s.${copied}` : undefined
  if (field === keyField) return { columns, values: ['coalesce(p.source_key, s.source_key)'] }
  if (source === undefined) return { columns, values: columns.map(() => 'null') }
  if (yearFields.includes(field)) return { columns, values: [year === undefined ? 'null' : `${source} + ${year}`] }
  if (!isOrg) return { columns, values: [source] }
  const org = orgAlias(field)
  const choices = source.replace(copied, quoteName(`f_${choicesColumn(field)}`))
  return {
    columns,
    // A case, because nearly nobody has several, and whoever has none of them costs no search.
    values: [
      `${org}.id`,
      `case when ${choices} is not null then (select array_agg(o.id) from orgs o
        where o.district_id = $1::uuid and o.source_key = any (${choices})) end`,
    ],
    join: `left join orgs ${org} on ${org}.district_id = $1::uuid and ${org}.source_key = ${source}`,
  }
}

function orgAlias(field: string): string {
  return quoteName(`org_${columnOf(field)}`)
}

/**
 * Schools that are of another academic year than the feed. Their rows are looked at again every time, until both are of
 * one: a row that stays the same while its school turns over is somebody who repeats the class.
 */
function joinTurnedSchools(
  { schoolField }: DataType,
  { primaryColumns, yearFields }: FinishedColumns,
  academicYear: AcademicYear | undefined,
): { readonly joins: readonly string[]; readonly year: string; readonly digest: string } {
  const schools = academicYear?.schools ?? []
  const hasSchool = schoolField !== undefined && primaryColumns.some(({ field }) => field === schoolField)
  if (!hasSchool || schools.length === 0 || yearFields.length === 0) {
    return { joins: [], year: 'null::integer', digest: 'p.digest' }
  }
  const rows = schools.map(({ schoolId, year }) => `(${quoteLiteral(schoolId)}::uuid, ${year})`)
  return {
    joins: [
      `left join (values ${rows.join(', ')}) as turned (school_id, year) on turned.school_id = ${orgAlias(schoolField)}.id`,
    ],
    year: 'turned.year',
    digest: 'case when turned.school_id is null then p.digest end',
  }
}
