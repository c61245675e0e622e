import type pg from 'pg'
import { keyField, columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { YearVote } from '../../domain/mapping/academic-year.ts'
import { quoteName, schoolOf } from '../fields/field-sql.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { stagedKind, type StagedColumn } from './staged-parts.ts'

export type VoteRequest = {
  readonly districtId: string
  readonly connectionId: string
  readonly dataType: DataType
  readonly primaryColumns: readonly StagedColumn[]
  /** The field that is counted from the academic year; its copied column is the number of years. */
  readonly field: string
}

/** What silent votes are counted among: records under another source or mapping were not met, and say nothing. */
export type SilentRequest = VoteRequest & {
  readonly mappingFingerprint: string
  /** Whether staging_unseen says which digests were not met; else every record that was not named is as it was. */
  readonly isComplete: boolean
  readonly inForce: number
}

/** The votes of the rows that were copied: by their schools, the year under which their record keeps its value. */
export async function readStagedVotes(client: pg.PoolClient, request: VoteRequest): Promise<YearVote[]> {
  const { districtId, connectionId, dataType, primaryColumns, field } = request
  if (!(await canAnybodyVote(client, request))) return []
  const records = quoteName(dataType.table)
  const value = quoteName(columnOf(field))
  const copied = copiedColumn(field)
  const keys = listKeys(dataType, primaryColumns)
  const joins = keys.map(({ held, copied: key }, at) => {
    const isOpen = Array.from({ length: at }, (_, earlier) => `k${earlier}.id is null`).join(' and ')
    // As a value and not as a condition, and the district as a query of its own: see db/plan/plan-sql.ts.
    const sought = at === 0 ? key : `case when ${isOpen} then ${key} end`
    return `left join ${records} k${at} on k${at}.district_id = (select $1::uuid) and k${at}.${held} = ${sought}
         and k${at}.status = 'active' and k${at}.${value} is not null`
  })
  const heldValue = `case ${keys.map((_, at) => `when k${at}.id is not null then k${at}.${value}`).join(' ')} end`
  const { school, join } = joinSchool(dataType, primaryColumns, connectionId)
  const { rows } = await client.query<YearVote>(
    `select ${school} as "schoolId", ${heldValue} - p.${copied} as year, count(*)::int as count
     from staging_primary p
     ${joins.join('\n     ')}
     ${join}
     where p.kind = ${stagedKind.active} and p.${copied} is not null and ${heldValue} is not null
     group by 1, 2`,
    [districtId],
  )
  return rows
}

/** The votes of the records whose row did not change, or was not in the input: for the year in force. */
export async function readSilentVotes(client: pg.PoolClient, request: SilentRequest): Promise<YearVote[]> {
  const { districtId, dataType, primaryColumns, field, isComplete } = request
  const school = schoolOf(dataType, 'r')
  const isNamed = listKeys(dataType, primaryColumns).map(
    // As "in", which is one hash of what was copied: as "exists" the planner, which never knows a temporary table, would
    // now and then look through all of it for each record.
    ({ held, copied }) =>
      `coalesce(r.${held} in (select ${copied} from staging_primary p where ${copied} is not null), false)`,
  )
  const wasMet = isComplete
    ? `r.connection_id = $2 and r.mapping_fingerprint = $3 and r.primary_digest is not null
       and not exists (select from staging_unseen u where u.primary_digest = r.primary_digest)`
    : '$2::uuid is not null and $3::bigint is not null'
  const { rows } = await client.query<YearVote>(
    `select ${school} as "schoolId", $4::integer as year, count(*)::int as count
     from ${quoteName(dataType.table)} r
     where r.district_id = $1 and r.status = 'active' and r.${quoteName(columnOf(field))} is not null and ${wasMet}
       and not (${isNamed.join(' or ')})
     group by 1`,
    [districtId, request.connectionId, request.mappingFingerprint, request.inForce],
  )
  return rows
}

/** Spares the search where one side of it is empty: a first import, and a night on which nothing changed. */
async function canAnybodyVote(client: pg.PoolClient, { districtId, dataType, field }: VoteRequest): Promise<boolean> {
  const { rows } = await client.query<{ canVote: boolean }>(
    `select exists (select from staging_primary p where p.${copiedColumn(field)} is not null)
       and exists (select from ${quoteName(dataType.table)}
         where district_id = $1 and status = 'active' and ${quoteName(columnOf(field))} is not null) as "canVote"`,
    [districtId],
  )
  return rows[0]?.canVote ?? false
}

/** The keys by which a copied row finds its record, in the order in which the plan tries them. */
function listKeys(dataType: DataType, primaryColumns: readonly StagedColumn[]) {
  return dataType.matchKeys.flatMap((field) => {
    const held = quoteName(columnOf(field))
    if (field === keyField) return [{ held, copied: 'p.source_key' }]
    return primaryColumns.some((column) => column.field === field) ? [{ held, copied: `p.${copiedColumn(field)}` }] : []
  })
}

function joinSchool({ schoolField }: DataType, primaryColumns: readonly StagedColumn[], connectionId: string) {
  if (schoolField === null || !primaryColumns.some(({ field }) => field === schoolField)) {
    return { school: 'null::uuid', join: '' }
  }
  const key = `p.${copiedColumn(schoolField)}`
  return {
    school: 'org.org_id',
    join: `left join connection_schools org on org.connection_id = ${quoteLiteral(connectionId)}::uuid and org.source_key = ${key}`,
  }
}

function copiedColumn(field: string): string {
  return quoteName(`f_${columnOf(field)}`)
}
