import type { ConfigurationDraft } from '../../../api/contract/configuration.ts'
import { CommandFailure, exitCodes } from '../../exit-codes.ts'
import { printJson, say } from '../../print.ts'
import { connectToServer } from '../../server/connect.ts'
import type { ConfigFlags } from './add-config-commands.ts'
import { giveDocument, pathOfConfiguration, readConfigFile } from './config-file.ts'

export async function showDraft(file: string | undefined, options: ConfigFlags): Promise<number> {
  const draft = await connectToServer().get<ConfigurationDraft>(`${pathOfConfiguration(options)}/draft`)
  const what =
    draft.revision === 0 ? `Version ${draft.basedOn ?? 0}, to begin a draft with,` : `Revision ${draft.revision}`
  await giveDocument(draft, file, what, options)
  return exitCodes.done
}

/** The file says by its etag which revision was edited: of two people the second one is told. */
export async function saveDraft(file: string, options: ConfigFlags): Promise<number> {
  const value = await readConfigFile(file)
  if (!isDraft(value)) {
    const why = `the file ${file} is no draft: begin with \`rollbook config draft show\`, which writes one`
    throw new CommandFailure(why, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  }
  const { etag, mapping, settings } = value
  const saved = await connectToServer().sendForJson<ConfigurationDraft>(
    'PUT',
    `${pathOfConfiguration(options)}/draft`,
    {
      json: { mapping, settings },
      headers: { 'if-match': etag },
    },
  )
  await giveDocument(saved, file === '-' ? undefined : file, `Revision ${saved.revision} is saved, and`, options)
  return exitCodes.done
}

export async function discardDraft(options: ConfigFlags): Promise<number> {
  const api = connectToServer()
  const path = `${pathOfConfiguration(options)}/draft`
  const { etag, revision } = await api.get<ConfigurationDraft>(path)
  await api.send('DELETE', path, { headers: { 'if-match': etag } })
  if (options.json) await printJson({ discarded: revision > 0 })
  say(revision > 0 ? 'The draft is gone.' : 'There was no draft.')
  return exitCodes.done
}

function isDraft(value: unknown): value is Pick<ConfigurationDraft, 'etag' | 'mapping' | 'settings'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'etag' in value &&
    typeof value.etag === 'string' &&
    'mapping' in value
  )
}
