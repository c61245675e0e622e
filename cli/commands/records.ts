import type { RosterRecord } from '../../api/contract/record.ts'
import { connectToServer } from '../server/connect.ts'
import { exitCodes } from '../exit-codes.ts'
import { printJsonPages } from '../server/json-pages.ts'
import { printBody } from '../print.ts'
import type { RecordsFlags } from '../program.ts'

export async function listRecords(dataType: string, options: RecordsFlags): Promise<number> {
  const api = connectToServer()
  const path = `/api/districts/${encodeURIComponent(options.district)}/records/${encodeURIComponent(dataType)}`
  const query = { all: options.all === true }
  if (options.json) {
    await printJsonPages(api.pages<RosterRecord>(path, query))
    return exitCodes.done
  }
  const response = await api.send('GET', path, { query, headers: { accept: 'text/csv' } })
  await printBody(response)
  return exitCodes.done
}
