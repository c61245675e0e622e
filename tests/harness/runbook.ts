import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findTemporalCli } from '../../stack/temporal/temporal-cli.ts'

const run = promisify(execFile)
const runbookPath = 'docs/guides/runbook.md'
export const runbook = readFileSync(join(import.meta.dirname, '..', '..', runbookPath), 'utf8')

/** Every line of the page that is to be typed, as it stands there. */
export const runbookCommands: readonly string[] = [...runbook.matchAll(/^```\n([^`]*)^```$/gm)].flatMap(
  ([, block = '']) => block.trim().split('\n'),
)

/** The words of a command; `<place>` holders are filled in. Throws when one of them is not given. */
export function toWords(command: string, places: Readonly<Record<string, string>> = {}): string[] {
  const words = command.match(/(?:"[^"]*"|<[^>]*>|\S)+/g) ?? []
  return words.map((word) =>
    word.replaceAll('"', '').replace(/<([^>]*)>/, (_, name: string) => {
      const value = places[name]
      if (value === undefined) throw new Error(`nothing was given for <${name}>`)
      return value
    }),
  )
}

/** Types the one `temporal` command of the page that has all these words in it. Throws when it fails. */
export async function typeTemporal(
  address: string,
  which: readonly string[],
  places: Readonly<Record<string, string>> = {},
): Promise<string> {
  const found = runbookCommands.filter(
    (line) => line.startsWith('temporal ') && which.every((word) => line.includes(word)),
  )
  const [command] = found
  if (command === undefined || found.length > 1)
    throw new Error(`${found.length} commands of the page have ${which.join(', ')}`)
  const env = { ...process.env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' }
  const { stdout } = await run(await findTemporalCli(), toWords(command, places).slice(1), { env })
  return stdout
}
