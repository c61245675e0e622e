import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
      writeFileSync(file, mine, { flag: 'wx' })
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

/** Whether a process that has ended since, without giving it back, held this directory. */
export function isAbandoned(directory: string): boolean {
  const file = join(directory, lockName)
  return existsSync(file) && findHolder(file) === undefined
}

function findHolder(file: string): number | undefined {
  try {
    const { pid, commandLine } = Lock.parse(JSON.parse(readFileSync(file, 'utf8')))
    return readCommandLine(pid) === commandLine ? pid : undefined
  } catch {
    return undefined
  }
}
