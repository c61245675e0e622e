import { readdir, readFile } from 'node:fs/promises'

/** Of Linux, whatever the kernel was built with: what /proc counts in. */
const ticksPerSecond = 100

/** CPU time by the name of a process, with that of all its children, in seconds. */
export type CpuSeconds = Readonly<Record<string, number>>

/**
 * What the processes named in a stack's pids file have used so far, each with its children, living and ended.
 * Undefined where the system does not tell (anything but Linux).
 */
export async function readCpuSeconds(pidsFile: string): Promise<CpuSeconds | undefined> {
  const pids = JSON.parse(await readFile(pidsFile, 'utf8')) as Record<string, number> // written by our own stack
  const processes = await listProcesses()
  if (processes.size === 0) return undefined
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, sumTree(processes, pid) / ticksPerSecond]))
}

/** What was used between two readings, in milliseconds for each of so many. */
export function perPiece(before: CpuSeconds, after: CpuSeconds, pieces: number): CpuSeconds {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [
      name,
      Math.round(((seconds - (before[name] ?? 0)) * 10_000) / pieces) / 10,
    ]),
  )
}

type ProcessFacts = { readonly parent: number; readonly ticks: number }

async function listProcesses(): Promise<ReadonlyMap<number, ProcessFacts>> {
  const names = await readdir('/proc').catch(() => [])
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
        // The name before it may hold blanks and brackets.
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
        const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
        const ticks = (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0)
        return [Number(name), { parent: Number(fields[1]), ticks }] as const
      }),
  )
  return new Map(found)
}

function sumTree(processes: ReadonlyMap<number, ProcessFacts>, root: number): number {
  let ticks = processes.get(root)?.ticks ?? 0
  for (const [pid, { parent }] of processes) if (parent === root) ticks += sumTree(processes, pid)
  return ticks
}
