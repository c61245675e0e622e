import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteLiteral } from '../staging/quote-literal.ts'
import { quoteName } from '../staging/staged-parts.ts'
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
 * its id back. What the second is called from then on is the name of one that yields in the resolution of a case.
 * Written into the journal, so that the undo of the undo gives them back in turn.
 */
export function buildGiveUpSql(dataType: DataType, shape: CreatedShape): string {
  const [firstKey] = dataType.matchKeys
  const key = quoteName(columnOf(firstKey))
  const field = quoteLiteral(firstKey)
  return `
    with wanted as (${selectWanted(dataType, shape)}),
    given as (
      update ${quoteName(dataType.table)} r
      set ${key} = w.${key} || '~' || r.id, ${forgetSource(shape.undo)}
      from wanted w where r.id = w.id
      returning r.id, r.revision, w.${key} as had, r.${key} as has
    )
    insert into journal (district_id, run_id, plan_no, seq, data_type, record_id, action, before, after, revision)
    select ${shape.district}, ${shape.undo}, ${givenUpPlanNo}, row_number() over (order by id), ${quoteLiteral(dataType.name)},
      id, 'update', jsonb_build_object(${field}, had), jsonb_build_object(${field}, has), revision
    from given`
}

/** The same as a question: `count` of those that would give up their id. */
export function buildCountWantedSql(dataType: DataType, shape: CreatedShape): string {
  return `select count(*)::int as count from (${selectWanted(dataType, shape)}) as wanted`
}

/**
 * `id` of created records, and the first key, which another record had before the run: that one still has the id that
 * the run gave it, and nobody changed the id of the created one.
 */
export function selectWanted(dataType: DataType, shape: CreatedShape): string {
  const [firstKey] = dataType.matchKeys
  const table = quoteName(dataType.table)
  const key = quoteName(columnOf(firstKey))
  const field = quoteLiteral(firstKey)
  return `
      select r.id, r.${key}
      from journal j
      join ${table} before on before.id = j.record_id and before.${key} = j.after ->> ${field}
      join ${table} r on r.district_id = ${shape.district} and r.${key} = j.before ->> ${field} and r.id <> j.record_id
      where j.run_id = ${shape.target} and j.before ? ${field} and ${isCreated(shape)} and ${isFree(shape)}
        and not exists (select from record_edits e
          where e.district_id = ${shape.district} and e.record_id = r.id and e.changes ? ${quoteLiteral(columnOf(firstKey))})`
}
