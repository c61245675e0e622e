import type { Configuration } from '../../../api/contract/configuration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { connectToServer } from '../../server/connect.ts'
import type { ConfigFlags } from './add-config-commands.ts'
import { giveDocument, pathOfConfiguration } from './config-file.ts'

/** The document is JSON with or without `--json`: a configuration is read, compared and kept as a file. */
export async function showConfiguration(file: string | undefined, options: ConfigFlags): Promise<number> {
  const configuration = await connectToServer().get<Configuration>(pathOfConfiguration(options))
  await giveDocument(configuration, file, `Version ${configuration.mappingVersion}`, options)
  return exitCodes.done
}
