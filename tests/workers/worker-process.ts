import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from '../harness/until.ts'

const script = join(import.meta.dirname, '..', '..', 'workers', 'main.ts')
const started = new Set<ChildProcess>()

afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
})

export type WorkerProcess = {
  readonly lines: readonly string[]
  readonly untilLine: (text: string) => Promise<void>
  /** Ends it and gives its exit code, null when a signal ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
}

/** Starts workers/main.ts with these settings and nothing of ours in its environment besides. */
export function startWorkerProcess(settings: Readonly<Record<string, string>>): WorkerProcess {
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...settings },
  })
  started.add(child)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')))
  }
  const exit = once(child, 'exit') as Promise<[number | null]> // what the event carries
  return {
    lines,
    untilLine: (text) =>
      until(() => {
        if (child.exitCode !== null) throw new Error(`the worker ended: ${lines.join('\n')}`)
        return lines.some((line) => line.includes(text))
      }),
    end: async (signal) => {
      child.kill(signal)
      const [code] = await exit
      started.delete(child)
      return code
    },
  }
}
