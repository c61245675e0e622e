import { sql, type RawBuilder, type Selectable, type Transaction } from 'kysely'
import { columnOf } from '../../domain/data-types/define-data-type.ts'
import { dataTypes, getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { seesRow } from '../fields/sees-row.ts'
import { showReferences } from '../fields/show-references.ts'
import type { CaseMembers } from '../tables/cases.ts'
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
    .where(seesIncoming('duplicate_cases', 'duplicate_cases.data_type'))
  if (dataType !== undefined) query = query.where('dataType', '=', dataType)
  return query.orderBy('openedAt').orderBy('id').execute()
}

/** Whether the session may see who comes in with the row of this table (SQL); bound to schools it sees what is still staged. */
function seesIncoming(table: string, dataTypeName: string): RawBuilder<boolean> {
  const people = dataTypes.filter(({ matching }) => matching !== undefined)
  const cases = people.map(
    (dataType) => sql`when ${sql.lit(dataType.name)} then exists (
      select from ${sql.table(dataType.stagedTable)} s
      where s.run_id = ${sql.ref(`${table}.run_id`)} and s.seq = ${sql.ref(`${table}.seq`)} and ${seesRow(dataType, 's')})`,
  )
  return sql`(nullif(current_setting('rollbook.school_ids', true), '') is null
    or case ${sql.raw(dataTypeName)} ${sql.join(cases, sql` `)} else false end)`
}

export type MemberRow = Selectable<CaseMembers>

/** The other incoming records of these cases, each to be decided with its case; in the order of their ids. */
export async function listMembers(trx: Transaction<Database>, cases: readonly CaseRow[]): Promise<MemberRow[]> {
  if (cases.length === 0) return []
  return trx
    .selectFrom('caseMembers')
    .selectAll()
    .where(
      'caseId',
      'in',
      cases.map(({ id }) => id),
    )
    .where(
      seesIncoming('case_members', '(select c.data_type from duplicate_cases c where c.id = case_members.case_id)'),
    )
    .orderBy('caseId')
    .orderBy('incomingKey')
    .execute()
}

export type PersonValues = Readonly<Record<string, unknown>>
/** What a person compares, a reference as it is shown: by run and row (placeOf) for who comes in, by id for a record. */
export type CaseValues = {
  readonly incoming: ReadonlyMap<string, PersonValues>
  readonly records: ReadonlyMap<string, PersonValues>
}

export function placeOf({ runId, seq }: { readonly runId: string; readonly seq: number }): string {
  return `${runId}/${seq}`
}

/** The values that matching compares, of both sides; only for those who may see values. */
export async function readCaseValues(
  trx: Transaction<Database>,
  cases: readonly CaseRow[],
  members: readonly MemberRow[],
): Promise<CaseValues> {
  const incoming = new Map<string, PersonValues>()
  const records = new Map<string, PersonValues>()
  for (const name of new Set(cases.map((row) => row.dataType))) {
    const dataType = getDataType(name)
    const own = cases.filter((row) => row.dataType === name)
    const rows = [...own, ...members.filter(({ caseId }) => own.some(({ id }) => id === caseId))]
    const fields = [...dataType.matchKeys, ...Object.values(dataType.matching ?? {})]
    const pick = (alias: string) => {
      const columns = [...new Set(fields)].map(
        (field) => sql`${sql.ref(`${alias}.${columnOf(field)}`)} as ${sql.ref(field)}`,
      )
      return sql.join(columns)
    }
    const staged = await sql<PersonValues & { atRun: string; atSeq: number }>`
      select s.run_id as at_run, s.seq as at_seq, ${pick('s')} from ${sql.table(dataType.stagedTable)} s
      join unnest(${rows.map(({ runId }) => runId)}::uuid[], ${rows.map(({ seq }) => seq)}::integer[]) asked (run_id, seq)
        on s.run_id = asked.run_id and s.seq = asked.seq`.execute(trx)
    for (const { atRun, atSeq, ...values } of await showReferences(trx, dataType, staged.rows))
      incoming.set(placeOf({ runId: atRun, seq: atSeq }), values)
    const recordIds = rows.flatMap(({ candidates }) => candidates.map(({ recordId }) => recordId))
    const held = await sql<PersonValues & { recordId: string }>`
      select r.id as record_id, ${pick('r')} from ${sql.table(dataType.table)} r
      where r.id = any (${recordIds}::uuid[]) and ${seesRow(dataType, 'r')}`.execute(trx)
    for (const { recordId, ...values } of await showReferences(trx, dataType, held.rows)) records.set(recordId, values)
  }
  return { incoming, records }
}
