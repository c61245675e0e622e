import type { Configuration, ConfigurationDraft, PutDraft } from '../../../api/contract/configuration.ts'
import { ConfigurationDocument } from '../../../domain/mapping/configuration-document.ts'
import { CommandFailure, exitCodes } from '../../exit-codes.ts'
import { printJson, say } from '../../print.ts'
import { connectToServer } from '../../server/connect.ts'
import type { ImportConfigFlags } from './add-config-commands.ts'
import { pathOfConfiguration, readConfigFile } from './config-file.ts'

export async function importConfiguration(file: string, options: ImportConfigFlags): Promise<number> {
  const parsed = ConfigurationDocument.safeParse(await readConfigFile(file))
  if (!parsed.success) {
    const why = `the file ${file} is no configuration; \`rollbook config lint ${file}\` says where it is wrong`
    throw new CommandFailure(why, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  }
  const { dataType, connector, mapping, settings } = parsed.data
  if (dataType !== options.dataType)
    throw new CommandFailure(`the file ${file} is of ${dataType}, and not of ${options.dataType}`, exitCodes.wrongUsage)
  const api = connectToServer()
  const path = pathOfConfiguration(options)
  const { connector: ours } = await api.get<Configuration>(path)
  // Another source has other columns, so that the mapping would feed nothing.
  if (connector !== ours)
    throw new CommandFailure(`the file ${file} is of ${connector}, and the connection of ${ours}`, exitCodes.wrongUsage)
  const json: PutDraft = { mapping, settings }
  if (options.draft === true) {
    const { etag } = await api.get<ConfigurationDraft>(`${path}/draft`)
    const draft = await api.sendForJson<ConfigurationDraft>('PUT', `${path}/draft`, {
      json,
      headers: { 'if-match': etag },
    })
    if (options.json) await printJson(draft)
    say('It is the draft; `rollbook config lint` looks at it, `rollbook config start` puts it into force.')
    return exitCodes.done
  }
  const configuration = await api.sendForJson<Configuration>('PUT', path, { json })
  if (options.json) await printJson(configuration)
  say(`Version ${configuration.mappingVersion} is in force.`)
  return exitCodes.done
}
