import { sql, type Transaction } from 'kysely'
import { columnOf, keyField, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { seesRow } from '../fields/sees-row.ts'
import { showReferences } from '../fields/show-references.ts'
import { customFieldPrefix } from './compared-fields.ts'
import type { ListedRecord } from './list-records.ts'
import { findRecordHistory, type HistoryEntry } from './record-history.ts'

/** Where the value of a field came from last. */
export type FieldOrigin = {
  /** Who says what it is from now on: a person until it is given back, else the connection that is mapped to it. */
  readonly owner: 'person' | 'connection' | null
  readonly ownerConnectionId: string | null
  /** The run and its connection, or the person; all null where nothing ever wrote it. */
  readonly runId: string | null
  readonly connectionId: string | null
  readonly by: string | null
  readonly at: Date | null
}

export type HeldRecord = Omit<ListedRecord, 'position'> & {
  readonly revision: number
  readonly keptFields: readonly string[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A record with where everything in it comes from. */
export type RecordWithOrigins = HeldRecord & {
  /** By field; a custom field as the journal names it. */
  readonly origins: ReadonlyMap<string, FieldOrigin>
  /** Ids of records that were merged into it. */
  readonly aliases: readonly { readonly field: string; readonly value: string }[]
}

/** The record of this id that the transaction may see, undefined when there is none; locked until its end if wanted. */
export async function findRecord(
  trx: Transaction<Database>,
  dataType: DataType,
  id: string,
  { isLocked = false }: { readonly isLocked?: boolean } = {},
): Promise<HeldRecord | undefined> {
  const fields = storedFields(dataType)
  const columns = fields.map((field) => sql`r.${sql.ref(columnOf(field))} as ${sql.ref(field)}`)
  const { rows } = await sql<Record<string, unknown> & Omit<HeldRecord, 'values'>>`
    select r.id, r.status, r.custom_fields, r.revision, coalesce(r.kept_fields, '{}') as kept_fields, r.created_at,
      r.updated_at, ${sql.join(columns)}
    from ${sql.table(dataType.table)} r where r.id = ${id} and ${seesRow(dataType, 'r')}
    ${isLocked ? sql`for no key update` : sql``}`.execute(trx)
  const [row] = rows
  if (row === undefined) return undefined
  const { status, customFields, revision, keptFields, createdAt, updatedAt } = row
  const values = Object.fromEntries(fields.map((field) => [field, row[field] ?? null]))
  const [shown = {}] = await showReferences(trx, dataType, [values])
  return { id, status, customFields, revision, keptFields, createdAt, updatedAt, values: shown }
}

/** The same with the origin of each value, from the record's history and the configurations in force. */
export async function findRecordWithOrigins(
  trx: Transaction<Database>,
  dataType: DataType,
  id: string,
): Promise<RecordWithOrigins | undefined> {
  const record = await findRecord(trx, dataType, id)
  if (record === undefined) return undefined
  const history = (await findRecordHistory(trx, dataType, id)) ?? []
  const runs = await readConnectionsOfRuns(trx, history)
  const owners = await readOwners(trx, dataType)
  const { rows: aliases } = await sql<{ field: string; value: string }>`
    select field, value from record_aliases
    where data_type = ${dataType.name} and record_id = ${id} order by field, value`.execute(trx)
  const custom = Object.keys(record.customFields ?? {}).map((name) => `${customFieldPrefix}${name}`)
  const origins = ['status', ...storedFields(dataType), ...custom].map((field) => {
    const entry = findOrigin(history, field, isBlank(record, field))
    const isKept = record.keptFields.includes(field)
    const ownerConnectionId = isKept ? null : (owners.get(field) ?? null)
    const owner = isKept ? ('person' as const) : ownerConnectionId === null ? null : ('connection' as const)
    const { runId = null, by = null, at = null } = entry ?? {}
    const connectionId = runId === null ? null : (runs.get(runId) ?? null)
    return [field, { owner, ownerConnectionId, runId, connectionId, by, at }] as const
  })
  return { ...record, aliases, origins: new Map(origins) }
}

/** The last that changed the field; else what made the record, unless the field has no value. */
function findOrigin(history: readonly HistoryEntry[], field: string, isBlankNow: boolean): HistoryEntry | undefined {
  const changed = history.findLast((entry) => entry.fields.includes(field))
  return changed ?? (isBlankNow ? undefined : history.find(({ action }) => action === 'create'))
}

function isBlank({ values, customFields }: HeldRecord, field: string): boolean {
  if (field === 'status') return false
  const custom = field.startsWith(customFieldPrefix) ? field.slice(customFieldPrefix.length) : undefined
  return ((custom === undefined ? values[field] : customFields?.[custom]) ?? null) === null
}

async function readConnectionsOfRuns(
  trx: Transaction<Database>,
  history: readonly HistoryEntry[],
): Promise<ReadonlyMap<string, string | null>> {
  const ids = [...new Set(history.flatMap(({ runId }) => (runId === null ? [] : [runId])))]
  if (ids.length === 0) return new Map()
  const rows = await trx.selectFrom('importRuns').select(['id', 'connectionId']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, connectionId }) => [id, connectionId]))
}

/** The connection that is mapped to each field by the configurations that are enabled. */
async function readOwners(trx: Transaction<Database>, dataType: DataType): Promise<ReadonlyMap<string, string>> {
  const rows = await trx
    .selectFrom('importConfigurations as c')
    .innerJoin('mappingVersions as m', 'm.id', 'c.mappingVersionId')
    .select(['c.connectionId', 'm.document'])
    .where('c.dataType', '=', dataType.name)
    .where('c.isEnabled', '=', true)
    .orderBy('c.connectionId')
    .execute()
  const owned = rows.flatMap(({ connectionId, document }) => {
    const custom = Object.keys(document.customFields).map((name) => `${customFieldPrefix}${name}`)
    return ['status', keyField, ...Object.keys(document.fields), ...custom].map(
      (field) => [field, connectionId] as const,
    )
  })
  return new Map(owned)
}
