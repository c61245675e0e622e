import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { journalOf, type UndoShape } from './undo-sql.ts'

type Claim = { readonly id: string; readonly holderId: string | null }

/**
 * Records of a batch that exchanged their ids can get them back only at once: an index would refuse the first one. Frees
 * the ids of those that all go back within this batch; what the undo does next gives each its own. An exchange of
 * which one record was changed since stays as it is, whole.
 */
export async function freeExchangedIds(
  trx: Transaction<Database>,
  dataType: DataType,
  shape: UndoShape,
): Promise<void> {
  const [firstKey] = dataType.matchKeys
  const table = quoteName(dataType.table)
  const key = quoteName(columnOf(firstKey))
  const { rows: claims } = await sql
    .raw<Claim>(
      // The id is picked out of the journal first, which "offset 0" sees to: row-level security takes ->> for a function
      // that might tell what it was given, and would not let it near the index of the ids.
      `select r.id, holder.id as holder_id
       from (select *, before ->> ${quoteLiteral(firstKey)} as wanted from ${journalOf(shape)} of_run offset 0) j join ${table} r on r.id = j.record_id and r.revision = j.revision
       left join ${table} holder on holder.district_id = ${shape.district} and holder.id <> r.id
         and holder.${key} = j.wanted
       where j.before ? ${quoteLiteral(firstKey)} and j.after is not null`,
    )
    .execute(trx)
  const ids = listExchanging(claims)
  if (ids.length === 0) return
  // Not a change of its own: it is over within this transaction, and the revision stays.
  await sql`select set_config('rollbook.applying', 'digests', true)`.execute(trx)
  await sql`update ${sql.table(dataType.table)} set ${sql.ref(columnOf(firstKey))} = '~' || id
    where id = any (${ids}::uuid[])`.execute(trx)
  await sql`select set_config('rollbook.applying', 'undo', true)`.execute(trx)
}

/** Those whose id another one of them waits for; who waits for an id that does not come free goes out, and whoever waits for hers. */
function listExchanging(claims: readonly Claim[]): string[] {
  const open = new Map(claims.map((claim) => [claim.id, claim.holderId]))
  const waiting = new Map<string, string[]>()
  for (const { id, holderId } of claims) {
    if (holderId !== null) waiting.set(holderId, [...(waiting.get(holderId) ?? []), id])
  }
  const stuck = [...claims].filter(({ holderId }) => holderId !== null && !open.has(holderId)).map(({ id }) => id)
  for (let id = stuck.pop(); id !== undefined; id = stuck.pop()) {
    if (open.delete(id)) stuck.push(...(waiting.get(id) ?? []))
  }
  return [...new Set([...open.values()].filter((holderId) => holderId !== null))]
}
