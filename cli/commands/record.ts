import type { Page } from '../../api/contract/paging.ts'
import type { RecordDetail, RosterRecord } from '../../api/contract/record.ts'
import { findDataType } from '../../domain/data-types/registry.ts'
import type { ApiClient } from '../server/api-client.ts'
import { connectToServer } from '../server/connect.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { printJson, printLine, printTable, say } from '../print.ts'
import type { RecordEditFlags, RecordShowFlags } from '../program.ts'
import { pathOfRecords, splitPair } from './records.ts'

const customPrefix = 'customFields.'

export async function showRecord(dataType: string, id: string, options: RecordShowFlags): Promise<number> {
  const api = connectToServer()
  const record = await api.get<RecordDetail>(await findPath(api, dataType, id, options.district))
  await printRecord(record, options)
  return exitCodes.done
}

export async function editRecord(dataType: string, id: string, options: RecordEditFlags): Promise<number> {
  const api = connectToServer()
  const { fields, customFields } = readChanges(dataType, options.set)
  const path = await findPath(api, dataType, id, options.district)
  const version = options.version ?? String((await api.get<RecordDetail>(path)).version)
  const response = await api.send('PATCH', path, {
    json: { fields, customFields, giveBack: options.giveBack },
    headers: { 'if-match': `"${version}"` },
  })
  const record = (await response.json()) as RecordDetail // our own API, its contract is tested elsewhere
  if (options.json) await printJson(record)
  else say(`Changed; its version is ${record.version}. Imports leave alone: ${listWords(record.keptFields)}.`)
  return exitCodes.done
}

/** The address of a record by its own id, or by the first id of its data type. */
async function findPath(api: ApiClient, dataType: string, id: string, district: string): Promise<string> {
  const path = pathOfRecords(district, dataType)
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return `${path}/${id}`
  const key = findDataType(dataType)?.matchKeys[0] ?? 'sisId'
  const response = await api.send('POST', `${path}/search`, { json: { filter: { [key]: id }, status: 'all' } })
  const { items } = (await response.json()) as Page<RosterRecord> // our own API, its contract is tested elsewhere
  const [found] = items
  if (found === undefined)
    throw new CommandFailure(`the district holds none of ${dataType} with this ${key}`, exitCodes.wrongUsage)
  return `${path}/${found.recordId}`
}

function readChanges(dataType: string, given: readonly string[]) {
  const fields: Record<string, string | readonly string[]> = {}
  const customFields: Record<string, string> = {}
  for (const { name, value } of given.map((text) => splitPair('--set', text))) {
    const isMany = findDataType(dataType)?.fields[name]?.many === true
    if (name.startsWith(customPrefix)) customFields[name.slice(customPrefix.length)] = value
    else fields[name] = isMany ? value.split(';') : value
  }
  return { fields, customFields }
}

async function printRecord(record: RecordDetail, { json }: RecordShowFlags): Promise<void> {
  if (json) {
    await printJson(record)
    return
  }
  const custom = Object.entries(record.customFields).map(([name, value]) => [`${customPrefix}${name}`, value] as const)
  const values = [...Object.entries(record.fields), ...custom].filter(([, value]) => value !== null)
  await printLine(`record ${record.recordId}, ${record.status}, version ${record.version}`)
  await printTable(
    ['field', 'value', 'owner', 'written', 'by'],
    values.map(([field, value]) => {
      const { owner, at, by, runId } = record.origins[field] ?? {}
      const writer = by ?? (typeof runId === 'string' ? `run ${runId}` : '')
      return [field, showValue(value), owner ?? '', at?.slice(0, 16).replace('T', ' ') ?? '', writer]
    }),
  )
  for (const { field, value } of record.aliases) await printLine(`also known by ${field} ${value}`)
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(showValue).join(';')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function listWords(words: readonly string[]): string {
  return words.length === 0 ? 'nothing' : words.join(', ')
}
