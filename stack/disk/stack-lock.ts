import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readCommandLine } from '../processes/leftover-process.ts'

export const lockName = 'stack.lock'
const Lock = z.object({ pid: z.int(), commandLine: z.string() })

/**
 * One stack per data directory. Throws when another one runs there; a lock whose process is gone (or whose number
 * belongs to another program by now) is taken over. Returns what gives it back.
 */
export function lockDirectory(directory: string): { readonly release: () => void } {
  const file = join(directory, lockName)
  const mine = JSON.stringify({ pid: process.pid, commandLine: readCommandLine(process.pid) ?? '' })
  for (let tries = 0; ; tries += 1) {
    try {
      placeWhole(file, mine)
      return { release: () => rmSync(file, { force: true }) }
    } catch (error) {
      const holder = findHolder(file)
      if (holder !== undefined) {
        throw new Error(
          `A stack runs already in ${directory} (process ${holder}); its addresses are in ${join(directory, 'env')}.`,
          { cause: error },
        )
      }
      if (tries > 5) throw error
      rmSync(file, { force: true })
    }
  }
}

/**
 * The file with its content at once; throws when there is one. Whoever saw it empty, as it is between its making and
 * its writing, would take the folder for abandoned and remove what has just begun in it.
 */
function placeWhole(file: string, content: string): void {
  const written = `${file}.${process.pid}`
  writeFileSync(written, content)
  try {
    linkSync(written, file)
  } finally {
    rmSync(written, { force: true })
  }
}

/** Whether a process that has ended since, without giving it back, held this directory. */
export function isAbandoned(directory: string): boolean {
  return readLock(join(directory, lockName)) === 'abandoned'
}

function findHolder(file: string): number | undefined {
  const found = readLock(file)
  return typeof found === 'number' ? found : undefined
}

/** The process that holds it. One read answers: a lock that is given back between two looks is nobody's. */
function readLock(file: string): number | 'abandoned' | 'free' {
  try {
    const { pid, commandLine } = Lock.parse(JSON.parse(readFileSync(file, 'utf8')))
    return readCommandLine(pid) === commandLine ? pid : 'abandoned'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'free' : 'abandoned'
  }
}
