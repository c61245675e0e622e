import { columnOf, storedFields, type DataType } from '../../../domain/data-types/define-data-type.ts'
import { quoteLiteral } from '../../fields/quote-literal.ts'
import { quoteName } from '../../fields/field-sql.ts'
import { partBit, partNames } from '../../staging/staged-parts.ts'
import { customFieldPrefix } from '../../records/compared-fields.ts'
import { freshParts, laterTime, timeColumns } from '../../records/source-times.ts'
import { buildNewId, isPlannedCreate } from '../../staging/planned-creates.ts'

/** One batch of a plan. Ids are SQL literals with their cast. */
export type BatchShape = {
  readonly district: string
  readonly run: string
  readonly planNo: string
  readonly connection: string
  readonly fingerprint: string
  readonly firstSeq: number
  readonly lastSeq: number
  /** The records stay what their own source made of them: its digests and times are none of this run's. */
  readonly bringsFields: boolean
  /** Staged rows may have a time of change. */
  readonly hasTimes: boolean
  /** As in PlanShape. */
  readonly wholeAsOf: string | null
}

/** New records of the batch, from their staged rows. */
export function buildCreateSql(dataType: DataType, shape: BatchShape): string {
  const { district, run, planNo, connection, fingerprint, firstSeq, lastSeq } = shape
  const columns = storedFields(dataType).map((field) => quoteName(columnOf(field)))
  return `
    insert into ${quoteName(dataType.table)} (id, district_id, ${columns.join(', ')}, custom_fields, connection_id,
      mapping_fingerprint, primary_digest, supplement_digest, gathered_digest,
      primary_modified_at, supplement_modified_at, created_run_id, updated_run_id)
    select ${buildNewId(run, planNo, 's.seq')}, ${district}, ${columns.map((column) => `s.${column}`).join(', ')},
      nullif(jsonb_strip_nulls(s.custom_fields), '{}'), ${connection}, ${fingerprint}, s.primary_digest, s.supplement_digest,
      s.gathered_digest, s.primary_modified_at, s.supplement_modified_at, ${run}, ${run}
    from ${quoteName(dataType.stagedTable)} s
    where s.run_id = ${run} and s.seq between ${firstSeq} and ${lastSeq} and ${isPlannedCreate(shape, shape)}
    order by s.seq`
}

/** Before- and after-images of the batch, taken from the plan: the changes apply only where the revision is the one they were made with. */
export function buildJournalSql(dataType: DataType, shape: BatchShape, actions: readonly string[]): string {
  const times = shape.hasTimes ? journalTimes(dataType, shape) : undefined
  return `
    insert into journal (district_id, run_id, plan_no, seq, data_type, record_id, action, before, after, revision,
      times_before, times_after)
    select p.district_id, p.run_id, p.plan_no, p.seq, ${quoteLiteral(dataType.name)}, p.record_id, p.action,
      case p.action when 'deactivate' then '{"status": "active"}'::jsonb
        when 'reactivate' then '{"status": "inactive"}' else '{}' end || coalesce(changed.before, '{}'),
      case p.action when 'deactivate' then '{"status": "inactive"}'::jsonb
        when 'reactivate' then '{"status": "active"}' else '{}' end || coalesce(changed.after, '{}'),
      p.revision + 1, ${times?.before ?? 'null'}, ${times?.after ?? 'null'}
    from ${planned(shape, actions.map(quoteLiteral).join(', '))}
    ${times?.join ?? ''}
    cross join lateral (
      select jsonb_object_agg(key, value -> 0) as before, jsonb_object_agg(key, value -> 1) as after
      from jsonb_each(p.changes)
    ) changed`
}

/**
 * Frees the first keys that the batch changes, so that records may exchange them: an index would refuse the first one
 * that takes what the second still has. They get what the plan says with the updates.
 */
export function buildFreeKeysSql(dataType: DataType, shape: BatchShape): string {
  const [firstKey] = dataType.matchKeys
  return `
    update ${quoteName(dataType.table)} r set ${quoteName(columnOf(firstKey))} = '~' || r.id
    from ${planned(shape, `'update', 'reactivate'`)}
    where r.id = p.record_id and r.revision = p.revision and p.changes ? ${quoteLiteral(firstKey)}`
}

/** Updates and reactivations of the batch; only a resolution's may make a record inactive. */
export function buildUpdateSql(dataType: DataType, shape: BatchShape): string {
  const fields = storedFields(dataType).map((field) => {
    const column = quoteName(columnOf(field))
    return `${column} = case when p.changes ? ${quoteLiteral(field)} then s.${column} else r.${column} end`
  })
  const prefix = quoteLiteral(customFieldPrefix)
  const customFields = `custom_fields = (
        select case when count(*) = 0 then r.custom_fields
          else nullif(jsonb_strip_nulls(coalesce(r.custom_fields, '{}') || jsonb_object_agg(substr(key, ${customFieldPrefix.length + 1}), value -> 1)), '{}') end
        from jsonb_each(p.changes) where starts_with(key, ${prefix}))`
  return `
    update ${quoteName(dataType.table)} r
    set ${[...fields, customFields].join(',\n      ')},
      status = coalesce(p.changes #>> '{status,1}', case p.action when 'reactivate' then 'active' else r.status end),
      ${shape.bringsFields ? '' : `${refreshDigests(shape)}, `}updated_run_id = ${shape.run}
    from ${planned(shape, `'update', 'reactivate'`)}
    ${joinStaged(dataType, shape)}
    where r.id = p.record_id and r.revision = p.revision`
}

export function buildDeactivateSql(dataType: DataType, shape: BatchShape): string {
  // Of another source's record the time would be compared with those of its own.
  const isOurs = `r.connection_id = ${shape.connection}`
  const time = (part: 'primary' | 'supplement') =>
    `${timeColumns[part]} = case when ${isOurs} then ${laterTime(part, shape)} else r.${timeColumns[part]} end`
  const times = shape.hasTimes ? `, ${time('primary')}, ${time('supplement')}` : ''
  // A record that the input does not have has no staged row.
  const staged = shape.hasTimes ? `left ${joinStaged(dataType, shape)}` : ''
  return `
    update ${quoteName(dataType.table)} r
    set status = 'inactive', edited_xid = null, updated_run_id = ${shape.run}${times}
    from ${planned(shape, `'deactivate'`)}
    ${staged}
    where r.id = p.record_id and r.revision = p.revision`
}

/** Unchanged records whose source row looks different now: the next import shall know it by its digest. */
export function buildRefreshSql(dataType: DataType, shape: BatchShape): string {
  return `
    update ${quoteName(dataType.table)} r
    set ${refreshDigests(shape)}
    from ${planned(shape, `'unchanged'`)}
    ${joinStaged(dataType, shape)}
    where r.id = p.record_id and r.revision = p.revision`
}

/** A part that was not staged keeps its digest only if that was made by this source under this mapping. */
function refreshDigests({ connection, fingerprint, hasTimes, wholeAsOf }: BatchShape): string {
  const isSameSource = `r.connection_id = ${connection} and r.mapping_fingerprint = ${fingerprint}`
  const parts = hasTimes ? `(${freshParts({ connection, wholeAsOf })})` : 's.parts'
  const digest = (column: string, bit: number) =>
    `${column} = case when ${parts} & ${bit} <> 0 then s.${column} when ${isSameSource} then r.${column} end`
  const time = (part: 'primary' | 'supplement') => `${timeColumns[part]} = ${laterTime(part, { connection })}`
  // A source without times leaves those that it brought before, and none of another source.
  const keep = (column: string) => `${column} = case when r.connection_id = ${connection} then r.${column} end`
  const times = hasTimes
    ? `${time('primary')}, ${time('supplement')}`
    : `${keep(timeColumns.primary)}, ${keep(timeColumns.supplement)}`
  return `${partNames.map((part) => digest(`${part}_digest`, partBit[part])).join(', ')},
      ${times},
      connection_id = ${connection}, mapping_fingerprint = ${fingerprint}, edited_xid = null`
}

/** Both times of a record as they are and as the batch leaves them, null where it does not change them. */
function journalTimes(dataType: DataType, shape: BatchShape) {
  const { connection } = shape
  const now = `array[r.${timeColumns.primary}, r.${timeColumns.supplement}]`
  const then = `array[${laterTime('primary', shape)}, ${laterTime('supplement', shape)}]`
  const isChanged = `s.seq is not null and (p.action <> 'deactivate' or r.connection_id = ${connection})
      and ${now} is distinct from ${then}`
  return {
    before: `case when ${isChanged} then ${now} end`,
    after: `case when ${isChanged} then ${then} end`,
    join: `join ${quoteName(dataType.table)} r on r.id = p.record_id\n    left ${joinStaged(dataType, shape)}`,
  }
}

function planned({ run, planNo, firstSeq, lastSeq }: BatchShape, actions: string): string {
  return `(select * from plan_rows where run_id = ${run} and plan_no = ${planNo} and seq between ${firstSeq} and ${lastSeq}
      and action in (${actions})) p`
}

/** The range is said twice, so that both sides are read in order of seq instead of one by one. */
function joinStaged(dataType: DataType, { run, firstSeq, lastSeq }: BatchShape): string {
  return `join ${quoteName(dataType.stagedTable)} s on s.run_id = ${run} and s.seq = p.seq
      and s.seq between ${firstSeq} and ${lastSeq}`
}
