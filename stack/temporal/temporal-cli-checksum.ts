import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { root } from '../root.ts'

/** SHA-256 of the executable of this name (`temporal-1.9.1-linux-x64`); undefined where none was ever checked. */
export function findExpectedSum(name: string): string | undefined {
  const lines = readFileSync(join(root, 'tools', 'temporal-cli', 'executables.sha256'), 'utf8').split('\n')
  return lines.map((line) => line.split('  ')).find(([, of]) => of === name)?.[0]
}

/** Throws when the file is not the one of this sum. It is read and not run. */
export async function checkSum(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const sum = hash.digest('hex')
  if (sum !== expected) {
    throw new Error(`what came is not the executable we know: its SHA-256 is ${sum} and should be ${expected}`)
  }
}
