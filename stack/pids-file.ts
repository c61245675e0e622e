import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { endLeftoverProcess } from './leftover-process.ts'
import { apiScript, workerScript } from './our-processes.ts'
import { writeSecretFile } from './write-secret-file.ts'

const Pids = z.record(z.string(), z.int())

export function writePids(file: string, pids: Readonly<Record<string, number>>): void {
  writeSecretFile(file, `${JSON.stringify(pids)}\n`)
}

/**
 * Ends what an earlier stack of this directory left running, if it was killed together with its watchdogs. A number
 * is acted on only when the process behind it is the one we started.
 */
export async function endLeftovers(file: string, directory: string): Promise<void> {
  let pids: z.infer<typeof Pids>
  try {
    pids = Pids.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return
  }
  const marks: Readonly<Record<string, string>> = {
    api: apiScript,
    worker: workerScript,
    temporal: join(directory, 'temporal'),
    postgres: join(directory, 'postgres'),
  }
  for (const [name, mark] of Object.entries(marks)) {
    const pid = pids[name]
    if (pid !== undefined) await endLeftoverProcess(pid, mark, name === 'postgres' ? 'SIGQUIT' : 'SIGTERM')
  }
}
