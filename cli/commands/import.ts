import { access, constants, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ImportSet } from '../../api/contract/import-set.ts'
import type { RunDocument } from '../../api/contract/run.ts'
import { connectToServer } from '../server/connect.ts'
import { sendPackage } from '../server/send-package.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { say } from '../print.ts'
import type { ImportFlags } from '../program.ts'
import { finishImportSet } from './import-set.ts'
import { finishRun } from './runs/run.ts'

export async function importPackage(zip: string, options: ImportFlags): Promise<number> {
  const file = await stat(zip).catch(() => undefined)
  if (file?.isFile() !== true) {
    throw new CommandFailure(`there is no file ${zip}`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  }
  // Asked before it is sent: a body that cannot be read looks like a server that cannot be reached.
  await access(zip, constants.R_OK).catch(() => {
    throw new CommandFailure(`the file ${zip} cannot be read`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  })
  const api = connectToServer()
  if (process.stderr.isTTY && file.size > 10_000_000) say(`Uploading ${Math.round(file.size / 1e6)} MB …`)
  const { dataType, connection, test, approveHold } = options
  const started = await sendPackage<RunDocument | ImportSet>(
    api,
    options.district,
    { path: zip, name: basename(zip), bytes: file.size },
    { dataType, connection, test, approveHold },
  )
  return 'setId' in started ? await finishImportSet(api, started, options) : await finishRun(api, started, options)
}
