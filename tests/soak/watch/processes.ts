import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Stack } from '../../../stack/stack.ts'

/** Process name to pid, as the stack has written it down; what is being written reads as nothing. */
export function readPids(stack: Pick<Stack, 'pidsFile'>): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(stack.pidsFile, 'utf8')) as Record<string, number> // the stack wrote it
  } catch {
    return {}
  }
}

/** Resident memory in MiB; undefined when the process is gone. */
export function readResidentMiB(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
  } catch {
    return undefined
  }
}

/** Open file handles by what they are: sockets, pipes, files. Undefined when the process is gone. */
export function countHandles(pid: number): Readonly<Record<string, number>> | undefined {
  try {
    const kinds: Record<string, number> = {}
    for (const handle of readdirSync(`/proc/${pid}/fd`)) {
      const target = readLink(`/proc/${pid}/fd/${handle}`)
      if (target === undefined) continue
      const kind = /^(socket|pipe|anon_inode)/.exec(target)?.[1] ?? 'file'
      kinds[kind] = (kinds[kind] ?? 0) + 1
    }
    return kinds
  } catch {
    return undefined
  }
}

export type OurProcess = { readonly pid: number; readonly command: string }

/**
 * Every process that belongs to the stack in this directory: by its command line, or by its environment, in which worker
 * and API have the directory. Those that PostgreSQL starts for each connection are not among them: they bear its title.
 */
export function listProcessesOf(directory: string): OurProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = readText(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim()
      if (command.startsWith('postgres: ') || isWatchdog(command)) return []
      const isOurs = command.includes(directory) || readText(`/proc/${name}/environ`).includes(directory)
      return isOurs && command !== '' ? [{ pid: Number(name), command: command.slice(0, 200) }] : []
    })
}

/** The shells that stop a process whose stack was killed (stack/processes/watchdog.ts) live as long as the process. */
function isWatchdog(command: string): boolean {
  return command.startsWith('sh ') || command.startsWith('/bin/sh ')
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Ended meanwhile, or somebody else's.
    return ''
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
