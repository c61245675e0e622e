import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { isCreated, isFree, type CreatedShape } from './undo-created-sql.ts'
import { forgetSource } from './undo-sql.ts'

/**
 * Plans of the journal in which created records give up their ids, and get them again. An undo goes through the journal
 * it reads from the last plan to the first and writes it the other way round: every import's plans lie between these.
 */
export const givenUpPlanNo = -1
export const largestPlanNo = 30_000
export const handedBackPlanNo = largestPlanNo - givenUpPlanNo

/**
 * Frees the ids that the undone run took from one record and gave to another, which it created: the first shall get
 * its id back. Whom a decision created gives all of them up: the row is asked about again, and must lead to nobody. What
 * such a record is called from then on is the name of one that yields in the resolution of a case. Written into the
 * journal, so that the undo of the undo gives them back in turn.
 */
export function buildGiveUpSql(dataType: DataType, shape: CreatedShape): string {
  const keys = dataType.matchKeys.map((name, at) => ({
    name: quoteLiteral(name),
    column: quoteName(columnOf(name)),
    at,
  }))
  const isFreed = ({ name }: { readonly name: string }) => `${name} = any (w.freed)`
  const others = ({ at }: { readonly at: number }) => (at === 0 ? `r.${keys[0]?.column ?? ''} || '~' || r.id` : 'null')
  const assignments = keys.map(
    (key) => `${key.column} = case when ${isFreed(key)} then ${others(key)} else r.${key.column} end`,
  )
  const collect = (prefix: string) =>
    keys
      .map(
        (key) => `case when ${isFreed(key)} then jsonb_build_object(${key.name}, ${prefix}${key.column}) else '{}' end`,
      )
      .join(' || ')
  return `
    with wanted as (${selectWanted(dataType, shape)}),
    given as (
      update ${quoteName(dataType.table)} r
      set ${assignments.join(', ')}, ${forgetSource(shape.undo)}
      from wanted w join ${quoteName(dataType.table)} old on old.id = w.id where r.id = w.id
      returning r.id, r.revision, ${collect('old.')} as had, ${collect('r.')} as has
    )
    insert into journal (district_id, run_id, plan_no, seq, data_type, record_id, action, before, after, revision)
    select ${shape.district}, ${shape.undo}, ${givenUpPlanNo}, row_number() over (order by id), ${quoteLiteral(dataType.name)},
      id, 'update', had, has, revision
    from given`
}

/** The same as a question: `count` of those that would give up an id. */
export function buildCountWantedSql(dataType: DataType, shape: CreatedShape): string {
  return `select count(*)::int as count from (${selectWanted(dataType, shape)}) as wanted`
}

/** `id` of created records, and as `freed` the keys that they give up: none that somebody edited. */
export function selectWanted(dataType: DataType, shape: CreatedShape): string {
  return shape.isOfDecisions ? selectDecided(dataType, shape) : selectTaken(dataType, shape)
}

/** Also whom a person made inactive meanwhile: that is no decision about the row that comes in. */
function selectDecided(dataType: DataType, shape: CreatedShape): string {
  const freed = dataType.matchKeys.map((field) => {
    const name = quoteLiteral(field)
    return `case when r.${quoteName(columnOf(field))} is not null and not ${isEdited(shape, field)} then ${name} end`
  })
  return `
      select id, freed from (
        select r.id, array_remove(array[${freed.join(', ')}], null) as freed
        from ${quoteName(dataType.table)} r where ${isCreated(shape)} and (r.status = 'inactive' or ${isFree(shape)})
      ) as decided where freed <> '{}'`
}

/** Another record had the first key before the run: that one still has the id that the run gave it. */
function selectTaken(dataType: DataType, shape: CreatedShape): string {
  const [firstKey] = dataType.matchKeys
  const table = quoteName(dataType.table)
  const key = quoteName(columnOf(firstKey))
  const field = quoteLiteral(firstKey)
  return `
      select r.id, array[${field}] as freed
      from (
        -- First, for row-level security would not let ->> near an index (free-exchanged-ids.ts).
        select record_id, before ->> ${field} as had, after ->> ${field} as has
        from journal where run_id = ${shape.target} and before ? ${field}
        offset 0
      ) j
      join ${table} before on before.id = j.record_id and before.${key} = j.has
      join ${table} r on r.district_id = ${shape.district} and r.${key} = j.had and r.id <> j.record_id
      where ${isCreated(shape)} and ${isFree(shape)}
        and not ${isEdited(shape, firstKey)}`
}

function isEdited({ district }: CreatedShape, field: string): string {
  return `exists (select from record_edits e
          where e.district_id = ${district} and e.record_id = r.id and e.changes ? ${quoteLiteral(columnOf(field))})`
}
