import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { RunDocument } from '../../api/contract/run.ts'
import { connectToServer } from '../connect.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { say } from '../print.ts'
import type { ImportFlags } from '../program.ts'
import { finishRun } from './run.ts'

export async function importPackage(zip: string, options: ImportFlags): Promise<number> {
  const file = await stat(zip).catch(() => undefined)
  if (file?.isFile() !== true) throw new CommandFailure(`there is no file ${zip}`, exitCodes.wrongUsage)
  const api = connectToServer()
  if (process.stderr.isTTY && file.size > 10_000_000) say(`Uploading ${Math.round(file.size / 1e6)} MB …`)
  const response = await api.send('POST', `/api/districts/${encodeURIComponent(options.district)}/imports`, {
    query: {
      dataType: options.dataType,
      connection: options.connection,
      test: options.test,
      approveHold: options.approveHold,
      fileName: basename(zip),
    },
    headers: { 'content-type': 'application/zip' },
    body: await openAsBlob(zip),
  })
  // The server checked its answer against the contract that the type comes from.
  const run = (await response.json()) as RunDocument
  return await finishRun(api, run, options)
}
