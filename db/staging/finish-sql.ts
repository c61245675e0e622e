import {
  columnOf,
  getField,
  keyField,
  storedFields,
  targetsOf,
  type DataType,
} from '../../domain/data-types/define-data-type.ts'
import type { AcademicYear } from '../../domain/mapping/academic-year.ts'
import { choicesColumn, quoteName } from '../fields/field-sql.ts'
import { joinReference, joinReferenceList } from '../fields/find-references-sql.ts'
import { joinChosenSchool, joinSchool, joinSchoolList } from '../fields/find-schools-sql.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { partBit, stagedKind, type StagedColumn } from './staged-parts.ts'

export type FinishedColumns = {
  readonly primaryColumns: readonly StagedColumn[]
  readonly supplementColumns: readonly StagedColumn[]
  readonly gatheredColumns: readonly StagedColumn[]
  /** Fields that were copied as a number of years from the academic year. */
  readonly yearFields: readonly string[]
}

export type FinishFacts = {
  readonly academicYear: AcademicYear | undefined
  /** So few rows were copied that what they refer to is better looked up one by one. */
  readonly isFew: boolean
  /** Nothing was gathered, or all there is of it: then a record of which nothing was gathered has none. */
  readonly isGatheredWhole: boolean
}

const district = '$1::uuid'
const run = '$2::uuid'
// As a query of its own: the planner may not know this district yet (db/plan/plan-sql.ts).
const ourDistrict = `(select ${district})`

/**
 * The statement that joins the temporary tables of a staging session into the staged rows of a run ($1 district,
 * $2 run). Rows keep the numbers under which they came. A row with a reference that leads nowhere has no digest, so that
 * it is looked at again until it leads somewhere.
 */
export function buildFinishSql(dataType: DataType, columns: FinishedColumns, facts: FinishFacts): string {
  const turned = joinTurnedSchools(dataType, columns, facts.academicYear)
  const year = facts.academicYear === undefined ? undefined : `coalesce(${turned.year}, ${facts.academicYear.year})`
  const selected = storedFields(dataType).map((field) => selectField(dataType, field, columns, year, facts.isFew))
  const lost = selected.flatMap((field) => field.lost ?? [])
  const lostOf = (part: 'p' | 'g') => lost.filter((one) => one.part === part).map(({ isLost }) => isLost)
  const whole = (part: 'p' | 'g', digest: string) => {
    const conditions = lostOf(part)
    return conditions.length === 0 ? digest : `case when not (${conditions.join(' or ')}) then ${digest} end`
  }
  const names = ['custom_fields', ...selected.flatMap(({ columns: named }) => named)]
  const hasGathered = columns.gatheredColumns.length > 0
  const gathered = hasGathered ? describeGathered(dataType, facts) : undefined
  return `
    insert into ${quoteName(dataType.stagedTable)}
      (district_id, run_id, seq, line, kind, parts, primary_digest, supplement_digest, gathered_digest, primary_modified_at,
        supplement_modified_at, unresolved, outside_school, ${names.map(quoteName).join(', ')})
    select ${district}, $2::uuid, coalesce(p.seq, s.seq${hasGathered ? ', g.seq' : ''}),
      coalesce(p.line, s.line, 0), coalesce(p.kind, ${stagedKind.active}),
      case when p.line is null then 0 else ${partBit.primary} end
        + case when s.line is null then 0 else ${partBit.supplement} end
        + case when p.kind in (${stagedKind.active}, ${stagedKind.fields}) and p.digest is null then ${partBit.primaryDropped} else 0 end
        + case when s.line is not null and s.digest is null then ${partBit.supplementDropped} else 0 end
        ${gathered === undefined ? '' : `+ case when ${gathered.isThere} then ${partBit.gathered} else 0 end`},
      ${whole('p', turned.digest)}, s.digest,
      ${gathered === undefined ? 'null' : `case when ${gathered.isThere} then ${whole('g', 'coalesce(g.digest, 0)')} end`},
      p.modified_at, s.modified_at,
      ${lost.length === 0 ? 'null' : `nullif(array_remove(array[${lost.map(({ isLost, name }) => `case when ${isLost} then ${quoteLiteral(name)} end`).join(', ')}], null), '{}')`},
      ${selected.flatMap((field) => field.outside ?? [])[0] ?? 'null'},
      case when p.custom_fields is null then s.custom_fields
        else p.custom_fields || coalesce(s.custom_fields, '{}') end,
      ${selected.flatMap(({ values }) => values).join(',\n      ')}
    from staging_primary p
    full join staging_supplement s on s.source_key = p.source_key
    ${gathered === undefined ? '' : `full join staging_folded g on g.source_key = coalesce(p.source_key, s.source_key)`}
    ${[...selected.flatMap(({ joins }) => joins), ...turned.joins].join('\n    ')}
    -- A supplement's row alone is a change of a record we hold; of anybody else it is not a row of this data type.
    where p.line is not null or (s.line is not null and exists (
      select from ${quoteName(dataType.table)} held
      where held.district_id = ${ourDistrict} and held.source_key = s.source_key and held.status = 'active'))
      ${gathered === undefined ? '' : `or (g.source_key is not null and ${gathered.isNews})`}`
}

/** Of the folded row `g`: whether it counts, and whether it alone is a change of a record that we hold. */
function describeGathered(dataType: DataType, { isGatheredWhole }: FinishFacts) {
  // A case, because PostgreSQL takes `coalesce` for a function that may tell on rows of other districts, and compares such
  // a key only behind their policy: with every record of the table, for each row, where the index has one.
  const held = `from ${quoteName(dataType.table)} held where held.district_id = ${ourDistrict}
      and held.source_key = case when g.source_key is null then p.source_key else g.source_key end`
  const isCertain = 'coalesce(not g.is_uncertain, true)'
  // What is not all of it says nothing of a record that had its own before.
  const isThere = isGatheredWhole ? isCertain : `(${isCertain} and not exists (select ${held}))`
  const isNews = isGatheredWhole
    ? `${isCertain} and exists (select ${held} and held.status = 'active' and held.gathered_digest is distinct from g.digest)`
    : 'false'
  return { isThere, isNews }
}

type SelectedField = {
  readonly columns: readonly string[]
  readonly values: readonly string[]
  readonly joins: readonly string[]
  /** When the row names what we do not hold, as SQL; of a list, when it names any such. */
  readonly lost?: { readonly name: string; readonly part: 'p' | 'g'; readonly isLost: string }
  /** Of the school that the row belongs to: the source's key of it where it is none of ours, as SQL. */
  readonly outside?: string
}

function selectField(
  dataType: DataType,
  name: string,
  { primaryColumns, supplementColumns, gatheredColumns, yearFields }: FinishedColumns,
  year: string | undefined,
  isFew: boolean,
): SelectedField {
  const column = columnOf(name)
  const field = getField(dataType, name)
  const columns = field.isChosen === true ? [column, choicesColumn(name)] : [column]
  const isIn = (part: readonly StagedColumn[]) => part.some((staged) => staged.field === name)
  const part = isIn(primaryColumns) ? 'p' : isIn(supplementColumns) ? 's' : isIn(gatheredColumns) ? 'g' : undefined
  if (name === keyField) {
    const keys = ['p', 's', ...(gatheredColumns.length > 0 ? ['g'] : [])].map((alias) => `${alias}.source_key`)
    return { columns, values: [`coalesce(${keys.join(', ')})`], joins: [] }
  }
  if (part === undefined) return { columns, values: columns.map(() => 'null'), joins: [] }
  const source = `${part}.${quoteName(`f_${column}`)}`
  if (yearFields.includes(name)) {
    return { columns, values: [year === undefined ? 'null' : `${source} + ${year}`], joins: [] }
  }
  const targets = targetsOf(field)
  if (targets.length === 0) return { columns, values: [source], joins: [] }
  const alias = referenceAlias(name)
  const lostPart = part === 'g' ? 'g' : 'p'
  if (targets.includes('orgs')) return { columns, ...selectSchool(dataType, name, { source, alias, part: lostPart }) }
  if (field.many === true) {
    const list = quoteName(alias)
    return {
      columns,
      values: [`${list}.ids`],
      joins: [joinReferenceList(targets, { keys: source, alias, district })],
      lost: { name, part: lostPart, isLost: `coalesce(${list}.is_lost, false)` },
    }
  }
  const { joins, id } = joinReference(targets, { key: source, alias, district, isFew })
  const lost = { name, part: lostPart, isLost: `(${source} is not null and ${id} is null)` } as const
  return { columns, values: [id], joins, lost }
}

/** A reference to orgs goes by the matches of the run's connection, and to nothing else beside them. */
function selectSchool(
  dataType: DataType,
  name: string,
  { source, alias, part }: { readonly source: string; readonly alias: string; readonly part: 'p' | 'g' },
): Omit<SelectedField, 'columns'> {
  const field = getField(dataType, name)
  const ofRow = (outside: string) => (dataType.schoolField === name ? { outside } : {})
  if (field.isChosen === true) {
    const choices = source.replace(`f_${columnOf(name)}`, `f_${choicesColumn(name)}`)
    const { joins, id, ids, outside } = joinChosenSchool({ key: source, choices, alias: quoteName(alias), run })
    return { values: [id, ids], joins, ...ofRow(outside) }
  }
  const found =
    field.many === true
      ? joinSchoolList({ keys: source, alias: quoteName(alias), run })
      : joinSchool({ key: source, alias: quoteName(alias), run })
  return { values: [found.id], joins: found.joins, lost: { name, part, isLost: found.isLost }, ...ofRow(found.outside) }
}

function referenceAlias(field: string): string {
  return `ref_${columnOf(field)}`
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
  const hasSchool = schoolField !== null && primaryColumns.some(({ field }) => field === schoolField)
  if (!hasSchool || schools.length === 0 || yearFields.length === 0) {
    return { joins: [], year: 'null::integer', digest: 'p.digest' }
  }
  const rows = schools.map(({ schoolId, year }) => `(${quoteLiteral(schoolId)}::uuid, ${year})`)
  return {
    joins: [
      `left join (values ${rows.join(', ')}) as turned (school_id, year)
        on turned.school_id = ${quoteName(referenceAlias(schoolField))}.org_id`,
    ],
    year: 'turned.year',
    digest: 'case when turned.school_id is null then p.digest end',
  }
}
