import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandFailure, exitCodes } from './exit-codes.ts'

export type ServerAddress = { readonly url: string; readonly token: string }

const checkoutFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * The server to speak to: `ROLLBOOK_URL` and `ROLLBOOK_TOKEN`, else what a running embedded stack wrote to
 * `.rollbook/env` in the current folder, else in the checkout of this command. Throws a CommandFailure when there is
 * none.
 */
export function findServerAddress(
  environment: NodeJS.ProcessEnv = process.env,
  folders: readonly string[] = [process.cwd(), checkoutFolder],
): ServerAddress {
  const { ROLLBOOK_URL, ROLLBOOK_TOKEN } = environment
  if (ROLLBOOK_URL !== undefined && ROLLBOOK_TOKEN !== undefined) return { url: ROLLBOOK_URL, token: ROLLBOOK_TOKEN }
  for (const folder of folders) {
    const written = readEnvFile(join(folder, '.rollbook', 'env'))
    const url = ROLLBOOK_URL ?? written.get('ROLLBOOK_URL')
    const token = ROLLBOOK_TOKEN ?? written.get('ROLLBOOK_TOKEN')
    if (url !== undefined && token !== undefined) return { url, token }
  }
  throw new CommandFailure(
    'No server is known. Start one with `npm start`, or set ROLLBOOK_URL and ROLLBOOK_TOKEN.',
    exitCodes.failed,
    'SERVER_UNKNOWN',
  )
}

function readEnvFile(path: string): Map<string, string> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    // No stack was ever started in this folder: the next place is looked at.
    return new Map()
  }
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Z0-9_]+)=(.*?)\s*$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined)
      values.set(match[1], match[2].replace(/^(['"])(.*)\1$/, '$2'))
  }
  return values
}
