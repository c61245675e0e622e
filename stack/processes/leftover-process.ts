import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Ends a process that an earlier, killed stack left behind, and returns when it is gone. `mark` must be in its command
 * line (the data directory, say): a number alone may belong to somebody else by now, and nothing is done then.
 */
export async function endLeftoverProcess(pid: number, mark: string, signal: NodeJS.Signals): Promise<void> {
  if (!isRunningWith(pid, mark)) return
  process.kill(pid, signal)
  for (let tries = 0; tries < 50; tries += 1) {
    if (!isRunningWith(pid, mark)) return
    await sleep(100)
  }
  process.kill(pid, 'SIGKILL')
  while (isRunningWith(pid, mark)) await sleep(50)
}

/** Whether that process runs and has `mark` in its command line. */
function isRunningWith(pid: number, mark: string): boolean {
  return readCommandLine(pid)?.includes(mark) ?? false
}

/** The command and arguments of a process, or undefined when there is none with that number. */
export function readCommandLine(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  try {
    const commandLine =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    // A process that has ended and was not yet collected has no command line.
    return commandLine.trim() === '' ? undefined : commandLine
  } catch {
    return undefined
  }
}
