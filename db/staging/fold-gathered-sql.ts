import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteName } from '../fields/field-sql.ts'
import { itemMark, type StagedColumn } from './staged-parts.ts'

/**
 * What was gathered, each item of a record once. Records of which a refused row says something are uncertain: neither may
 * an item be missing for that reason, nor may another come in.
 */
export function buildDistinctItemsSql(): string {
  return `
    create temp table staging_items on commit drop as
    select source_key, field, item, bool_or(mark = ${itemMark.first}) as is_first,
      bool_or(mark = ${itemMark.uncertain}) as is_uncertain
    from staging_gathered where source_key is not null and item is not null
    group by source_key, field, item`
}

/**
 * Takes the items out that are over a limit, in the order of the records' keys; gives the key of each record left without.
 * The only item of a record comes first in it, whether the source says so or not.
 */
export function buildLimitItemsSql(at: number, most: number): string {
  return `
    with besides as (
      select source_key, item, is_first, count(*) over (partition by source_key) as among
      from staging_items where field = ${at}
    ), placed as (
      select source_key, item, row_number() over (partition by item order by source_key collate "C") as place
      from besides where not is_first and among > 1
    ), over_limit as (
      delete from staging_items i using placed
      where i.field = ${at} and i.source_key = placed.source_key and i.item = placed.item and placed.place > ${most}
      returning i.source_key
    )
    select source_key as "sourceKey" from over_limit order by 1`
}

/** One row for each record: a list for each field, those that come first before the others, and a digest of it all. */
export function buildFoldSql(columns: readonly StagedColumn[]): string {
  const lists = columns.map(
    ({ column }, at) =>
      `array_agg(item order by is_first desc, item collate "C") filter (where field = ${at}) as ${quoteName(`f_${column}`)}`,
  )
  return `
    create temp table staging_folded on commit drop as
    select source_key, nextval('staging_seq')::integer as seq, bool_or(is_uncertain) as is_uncertain,
      hashtextextended(string_agg(field || case when is_first then '!' else ':' end || item, chr(10)
        order by field, item collate "C"), 0) as digest,
      ${lists.join(', ')}
    from staging_items group by source_key`
}

/** Records that we hold by this source ($2, $3) with something gathered, of which nothing is there any more. */
export function buildFoldNothingSql(dataType: DataType): string {
  return `
    insert into staging_folded (source_key, seq, is_uncertain, digest)
    select r.source_key, nextval('staging_seq')::integer, false, 0 from ${quoteName(dataType.table)} r
    where r.district_id = $1 and r.status = 'active' and r.connection_id = $2 and r.mapping_fingerprint = $3
      and r.${quoteName(columnOf('sourceKey'))} is not null and coalesce(r.gathered_digest, 1) <> 0
      and not exists (select from staging_folded f where f.source_key = r.source_key)`
}
