import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import { keyField, partBit, quoteName, stagedKind, type StagedColumn } from './staged-parts.ts'

/**
 * The statement that joins the temporary tables of a staging session into the staged rows of a run ($1 district,
 * $2 run). Rows keep the numbers under which they came.
 */
export function buildFinishSql(
  dataType: DataType,
  columns: { readonly primaryColumns: readonly StagedColumn[]; readonly supplementColumns: readonly StagedColumn[] },
): string {
  const selected = storedFields(dataType).map((field) => selectField(dataType, field, columns))
  const orgs = selected.flatMap(({ join }) => (join === undefined ? [] : [join]))
  const names = ['custom_fields', ...storedFields(dataType).map(columnOf)]
  return `
    insert into ${quoteName(dataType.stagedTable)}
      (district_id, run_id, seq, line, kind, parts, primary_digest, supplement_digest, ${names.map(quoteName).join(', ')})
    select $1::uuid, $2::uuid, coalesce(p.seq, s.seq), coalesce(p.line, s.line), coalesce(p.kind, ${stagedKind.active}),
      case when p.line is null then 0 else ${partBit.primary} end
        + case when s.line is null then 0 else ${partBit.supplement} end,
      p.digest, s.digest,
      case when p.custom_fields is null then s.custom_fields
        else p.custom_fields || coalesce(s.custom_fields, '{}') end,
      ${selected.map(({ value }) => value).join(',\n      ')}
    from staging_primary p
    full join staging_supplement s on s.source_key = p.source_key
    ${orgs.join('\n    ')}
    -- A supplement's row alone is a change of a record we hold; of anybody else it is not a row of this data type.
    where p.line is not null or exists (
      select from ${quoteName(dataType.table)} held
      -- As a query of its own: the planner may not know this district yet (db/plan/plan-sql.ts).
      where held.district_id = (select $1::uuid) and held.source_key = s.source_key and held.status = 'active')`
}

function selectField(
  dataType: DataType,
  field: string,
  {
    primaryColumns,
    supplementColumns,
  }: { readonly primaryColumns: readonly StagedColumn[]; readonly supplementColumns: readonly StagedColumn[] },
): { readonly value: string; readonly join?: string } {
  const column = columnOf(field)
  const copied = quoteName(`f_${column}`)
  const isIn = (part: readonly StagedColumn[]) => part.some((staged) => staged.field === field)
  const source = isIn(primaryColumns) ? `p.${copied}` : isIn(supplementColumns) ? `s.${copied}` : undefined
  if (field === keyField) return { value: 'coalesce(p.source_key, s.source_key)' }
  if (source === undefined) return { value: 'null' }
  if (dataType.fields[field]?.type !== 'org') return { value: source }
  const org = quoteName(`org_${column}`)
  return {
    value: `${org}.id`,
    join: `left join orgs ${org} on ${org}.district_id = $1::uuid and ${org}.source_key = ${source}`,
  }
}
