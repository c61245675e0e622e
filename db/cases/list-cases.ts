import { sql, type Transaction } from 'kysely'
import { columnOf } from '../../domain/data-types/define-data-type.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import type { CaseRow } from './decide-cases.ts'

export type CaseFilter = {
  readonly districtId: string
  readonly dataType?: string | undefined
  readonly state?: CaseRow['state']
}

/** Cases of a district, the open ones unless told, oldest first. */
export function listCases(
  trx: Transaction<Database>,
  { districtId, dataType, state = 'open' }: CaseFilter,
): Promise<CaseRow[]> {
  let query = trx
    .selectFrom('duplicateCases')
    .selectAll()
    .where('districtId', '=', districtId)
    .where('state', '=', state)
  if (dataType !== undefined) query = query.where('dataType', '=', dataType)
  return query.orderBy('openedAt').orderBy('id').execute()
}

export type PersonValues = Readonly<Record<string, unknown>>
/** What a person compares, an org by its source key: by the id of a case for who comes in, and by that of a record. */
export type CaseValues = {
  readonly incoming: ReadonlyMap<string, PersonValues>
  readonly records: ReadonlyMap<string, PersonValues>
}

/** The values that matching compares, of both sides; only for those who may see values. */
export async function readCaseValues(trx: Transaction<Database>, cases: readonly CaseRow[]): Promise<CaseValues> {
  const incoming = new Map<string, PersonValues>()
  const records = new Map<string, PersonValues>()
  for (const name of new Set(cases.map((row) => row.dataType))) {
    const dataType = getDataType(name)
    const own = cases.filter((row) => row.dataType === name)
    const fields = [...dataType.matchKeys, ...Object.values(dataType.matching ?? {})]
    const pick = (alias: string) => {
      const valueOf = (field: string) => {
        const column = sql.ref(`${alias}.${columnOf(field)}`)
        const isOrg = dataType.fields[field]?.type === 'org'
        return isOrg ? sql`(select source_key from orgs where orgs.id = ${column})` : column
      }
      return sql.join([...new Set(fields)].map((field) => sql`${valueOf(field)} as ${sql.ref(field)}`))
    }
    const staged = await sql<PersonValues & { caseId: string }>`
      select c.id as case_id, ${pick('s')} from duplicate_cases c
      join ${sql.table(dataType.stagedTable)} s on s.run_id = c.run_id and s.seq = c.seq
      where c.id = any (${own.map(({ id }) => id)}::uuid[])`.execute(trx)
    for (const { caseId, ...values } of staged.rows) incoming.set(caseId, values)
    const recordIds = own.flatMap(({ candidates }) => candidates.map(({ recordId }) => recordId))
    const held = await sql<PersonValues & { recordId: string }>`
      select r.id as record_id, ${pick('r')} from ${sql.table(dataType.table)} r
      where r.id = any (${recordIds}::uuid[])`.execute(trx)
    for (const { recordId, ...values } of held.rows) records.set(recordId, values)
  }
  return { incoming, records }
}
