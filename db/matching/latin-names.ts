import { sql, type Transaction } from 'kysely'
import { foldWords } from '../../domain/matching/names/fold-text.ts'
import type { Database } from '../database.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { aspectColumn, type KeyScope } from './match-key-sql.ts'

/** Letters that rollbook_fold leaves as they are: those that are no letter and a mark, and those of other scripts. */
const otherLetters = '[đłøæœßþðħıĐŁØÆŒÞÐĦ\\u0370-\\u1DFF\\u2E80-\\uD7FF\\uF900-\\uFAFF]'

const pageSize = 5000

/**
 * Writes the names of stale records that SQL cannot spell in Latin letters into the temporary table `latin_names`, which
 * goes with the transaction. False, and no table, where there are none: then nobody pays for them.
 */
export async function writeLatinNames(trx: Transaction<Database>, scope: KeyScope): Promise<boolean> {
  const { dataType, districtId } = scope
  const given = aspectColumn(dataType, 'givenName', 'r')
  const family = aspectColumn(dataType, 'familyName', 'r')
  let isMade = false
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql
      .raw<{ id: string; given: string | null; family: string | null }>(
        `select r.id, ${given} as given, ${family} as family from ${quoteName(dataType.table)} r
          left join match_records m on m.record_id = r.id
          where r.district_id = ${quoteLiteral(districtId)}::uuid and r.id > '${after}' and m.revision is distinct from r.revision
            and concat(${given}, ${family}) ~ '${otherLetters}'
          order by r.id limit ${pageSize}`,
      )
      .execute(trx)
    const last = rows.at(-1)
    if (last === undefined) return isMade
    if (!isMade) {
      await sql`drop table if exists pg_temp.latin_names`.execute(trx)
      await sql`create temp table latin_names (record_id uuid primary key, given text, family text) on commit drop`.execute(
        trx,
      )
      isMade = true
    }
    await sql`insert into latin_names select * from unnest(${rows.map(({ id }) => id)}::uuid[],
      ${rows.map((row) => spell(row.given))}::text[], ${rows.map((row) => spell(row.family))}::text[])`.execute(trx)
    after = last.id
  }
}

function spell(name: string | null): string | null {
  return name === null ? null : foldWords(name).join(' ')
}
