import { readFile } from 'node:fs/promises'

/**
 * The highest resident memory a process has had since it started, in MiB; undefined where the system does not tell
 * (anything but Linux) or the process is gone.
 */
export async function readPeakMemoryMiB(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '')
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return peak === undefined ? undefined : Math.round(Number(peak) / 102.4) / 10
}
