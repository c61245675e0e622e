import { readFile, writeFile } from 'node:fs/promises'
import { CommandFailure, exitCodes, tellUnwritable } from '../../exit-codes.ts'
import { printJson, say } from '../../print.ts'
import type { ConfigFlags } from './add-config-commands.ts'

export function pathOfConfiguration({ connection, dataType }: Pick<ConfigFlags, 'connection' | 'dataType'>): string {
  return `/api/connections/${encodeURIComponent(connection)}/configurations/${encodeURIComponent(dataType)}`
}

/** The JSON of a file; throws a CommandFailure that names the file. */
export async function readConfigFile(file: string): Promise<unknown> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch(() => {
    throw new CommandFailure(`the file ${file} cannot be read`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  })
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandFailure(`the file ${file} is not JSON`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  }
}

/** Writes the document to the file, if one is named, else prints it; `words` say that it is written. */
export async function giveDocument(
  document: unknown,
  file: string | undefined,
  words: string,
  { json }: Pick<ConfigFlags, 'json'>,
): Promise<void> {
  if (file !== undefined) {
    await writeFile(file, `${JSON.stringify(document, null, 2)}\n`).catch((error: unknown) => {
      throw tellUnwritable(file, error)
    })
    say(`${words} is written to ${file}.`)
  }
  // Last: a file that cannot be written leaves nothing on standard output but that.
  if (file === undefined || json) await printJson(document)
}
