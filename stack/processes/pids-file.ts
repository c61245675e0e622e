import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { endLeftoverProcess } from './leftover-process.ts'
import { apiScript, workerScript } from './our-processes.ts'
import { writeSecretFile } from '../disk/write-secret-file.ts'

const Pids = z.record(z.string(), z.int())

const againMs = 1000

/**
 * Keeps the numbers of the running processes in a file. One that cannot be written, on a full disk for one, is written when
 * that passes: the processes are worth more than the file that names them.
 */
export class PidsFile {
  readonly #path: string
  #pending: NodeJS.Timeout | undefined

  constructor(path: string) {
    this.#path = path
  }

  write(pids: Readonly<Record<string, number>>): void {
    clearTimeout(this.#pending)
    try {
      writeSecretFile(this.#path, `${JSON.stringify(pids)}\n`)
    } catch {
      this.#pending = setTimeout(() => this.write(pids), againMs).unref()
    }
  }

  /** Writes no more. */
  close(): void {
    clearTimeout(this.#pending)
  }
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
