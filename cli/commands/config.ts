import { writeFile } from 'node:fs/promises'
import type { Configuration } from '../../api/contract/configuration.ts'
import { connectToServer } from '../server/connect.ts'
import { exitCodes, tellUnwritable } from '../exit-codes.ts'
import { printJson, say } from '../print.ts'
import type { ConfigFlags } from '../program.ts'

/** The document is JSON with or without `--json`: a configuration is read, compared and kept as a file. */
export async function showConfiguration(file: string | undefined, options: ConfigFlags): Promise<number> {
  const connection = encodeURIComponent(options.connection)
  const dataType = encodeURIComponent(options.dataType)
  const configuration = await connectToServer().get<Configuration>(
    `/api/connections/${connection}/configurations/${dataType}`,
  )
  if (file !== undefined) {
    await writeFile(file, `${JSON.stringify(configuration, null, 2)}\n`).catch((error: unknown) => {
      throw tellUnwritable(file, error)
    })
    say(`Version ${configuration.mappingVersion} is written to ${file}.`)
  }
  // Last: a file that cannot be written leaves nothing on standard output but that.
  if (file === undefined || options.json) await printJson(configuration)
  return exitCodes.done
}
