import type { Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { foldText } from '../../domain/matching/names/fold-text.ts'
import type { Frequencies } from '../../domain/matching/score-candidate.ts'
import type { Database } from '../database.ts'

/** How often names occur, and how large schools are, among a district's records, as counted when the match keys were made (refreshMatchKeys). */
export async function readFrequencies(trx: Transaction<Database>, dataType: DataType): Promise<Frequencies> {
  const rows = await trx
    .selectFrom('matchNames')
    .select(['aspect', 'name', 'holders'])
    .where('dataType', '=', dataType.name)
    .execute()
  let heldCount = 0
  const holders = { givenName: new Map<string, number>(), familyName: new Map<string, number>() }
  const pupils = new Map<string, number>()
  const born = new Map<string, number>()
  for (const row of rows) {
    if (row.name === null) heldCount = row.holders
    else if (row.aspect === 'school') pupils.set(row.name, row.holders)
    else if (row.aspect === 'birthDate') born.set(row.name, row.holders)
    else if (row.aspect === 'givenName' || row.aspect === 'familyName') {
      const folded = foldText(row.name)
      holders[row.aspect].set(folded, (holders[row.aspect].get(folded) ?? 0) + row.holders)
    }
  }
  return {
    heldCount,
    countGivenName: (joined) => holders.givenName.get(joined) ?? 0,
    countFamilyName: (joined) => holders.familyName.get(joined) ?? 0,
    countSchool: (school) => pupils.get(school) ?? 0,
    countBirthDate: (birthDate) => born.get(birthDate) ?? 0,
  }
}
