/**
 * How the schools that a row names are found: by what the source calls them, among the schools of the run's connection, and
 * by the one of ours that each is matched to. One that the source has and that is none of ours is *outside*; a key that the
 * source has never shown leads nowhere. `run` is SQL of the run's id.
 */
export type FoundSchool = {
  readonly joins: readonly string[]
  /** The id of ours, as SQL; of a list, all of them in their order. */
  readonly id: string
  /** Whether a key leads nowhere, as SQL. */
  readonly isLost: string
  /** Where none of them is ours, the key of the first that is outside, else null; as SQL. */
  readonly outside: string
}

export function joinSchool({ key, alias, run }: { key: string; alias: string; run: string }): FoundSchool {
  return {
    joins: [`left join connection_schools ${alias} on ${isOfRun(alias, run)} and ${alias}.source_key = ${key}`],
    id: `${alias}.org_id`,
    isLost: `(${key} is not null and ${alias}.source_key is null)`,
    outside: `case when ${alias}.org_id is null then ${alias}.source_key end`,
  }
}

export function joinSchoolList({ keys, alias, run }: { keys: string; alias: string; run: string }): FoundSchool {
  const join = `left join lateral (
      select array_agg(org_id order by place) filter (where org_id is not null) as ids,
        coalesce(bool_or(source_key is null), false) as is_lost,
        case when count(org_id) = 0 then (array_agg(source_key order by place) filter (where source_key is not null))[1] end as outside
      from (
        select c.org_id, c.source_key, min(k.place) as place
        from unnest(${keys}) with ordinality k (key, place)
        left join connection_schools c on ${isOfRun('c', run)} and c.source_key = k.key
        group by c.org_id, c.source_key
      ) each
    ) ${alias} on ${keys} is not null`
  return {
    joins: [join],
    id: `${alias}.ids`,
    isLost: `coalesce(${alias}.is_lost, false)`,
    outside: `${alias}.outside`,
  }
}

/**
 * Of a school that is chosen among several: `choices` (SQL) is null where the row names one, `key`. Ours is the first that is
 * matched; `ids` are all of them that are.
 */
export function joinChosenSchool({
  key,
  choices,
  alias,
  run,
}: {
  key: string
  choices: string
  alias: string
  run: string
}): FoundSchool & { readonly ids: string } {
  const one = joinSchool({ key, alias, run })
  const first = (column: string, condition: string) => `(select c.${column}
        from unnest(${choices}) with ordinality k (key, place)
        join connection_schools c on ${isOfRun('c', run)} and c.source_key = k.key
        where ${condition} order by k.place limit 1)`
  // Cases, because nearly nobody has several, and whoever has none of them costs no search.
  const id = `case when ${choices} is null then ${one.id} else ${first('org_id', 'c.org_id is not null')} end`
  return {
    joins: one.joins,
    id,
    isLost: one.isLost,
    outside: `case when ${choices} is null then ${one.outside} when (${id}) is null then ${first('source_key', 'true')} end`,
    ids: `case when ${choices} is not null then (select array_agg(c.org_id) from connection_schools c
        where ${isOfRun('c', run)} and c.source_key = any (${choices}) and c.org_id is not null) end`,
  }
}

function isOfRun(alias: string, run: string): string {
  return `${alias}.connection_id = (select connection_id from import_runs where id = ${run})`
}
