import { sql, type RawBuilder, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { AspectValues, MatchingFields } from '../../domain/matching/matching-aspects.ts'
import { readPerson } from '../../domain/matching/person.ts'
import type { HeldPerson } from '../../domain/matching/rank-candidates.ts'
import type { Database } from '../database.ts'

/** The columns of every aspect, under the aspects' names: what readPerson of domain/matching takes. */
export function selectAspects(fields: MatchingFields, alias: string): RawBuilder<unknown> {
  return sql.join(
    Object.entries(fields).map(
      ([aspect, field]) => sql`${sql.ref(`${alias}.${columnOf(field)}`)} as ${sql.id(aspect)}`,
    ),
  )
}

/** Held records as people, by record id. The columns have their final names, and renaming them costs as much as reading. */
export async function readHeldPeople(
  trx: Transaction<Database>,
  dataType: DataType,
  fields: MatchingFields,
  recordIds: Iterable<string>,
): Promise<Map<string, HeldPerson>> {
  const { rows } = await sql<{ recordId: string } & AspectValues>`
    select r.id as "recordId", ${selectAspects(fields, 'r')} from ${sql.table(dataType.table)} r
    where r.id = any (${[...recordIds]}::uuid[])`.execute(trx.withoutPlugins())
  return new Map(rows.map((row) => [row.recordId, { recordId: row.recordId, person: readPerson(row) }]))
}
