import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { idFormCharacters } from '../../domain/mapping/id-form.ts'
import type { Database } from '../database.ts'

/** Ids of one system have a few forms; more of them say nothing. */
const mostForms = 200

/** The forms (domain/mapping/id-form.ts) that the values of a field have in all records; undefined where they are too many. */
export async function findHeldIdForms(
  trx: Transaction<Database>,
  { districtId, dataType, field }: { readonly districtId: string; readonly dataType: DataType; readonly field: string },
): Promise<ReadonlySet<string> | undefined> {
  const value = sql.ref(columnOf(field))
  const { rows } = await sql<{ form: string }>`
    select distinct translate(${value} collate "C", ${idFormCharacters.from}, ${idFormCharacters.to}) as form
    from ${sql.table(dataType.table)} where district_id = ${districtId} and ${value} is not null
    limit ${mostForms + 1}`.execute(trx)
  return rows.length > mostForms ? undefined : new Set(rows.map(({ form }) => form))
}
