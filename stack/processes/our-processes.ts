import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../root.ts'
import type { ChildPlan } from './supervisor.ts'

export const workerScript = join(root, 'workers', 'main.ts')
export const apiScript = join(root, 'api', 'main.ts')

/**
 * Worker and API stream through files many times their memory, and V8 left alone lets the garbage of that grow with the
 * machine's memory. A small young generation collects the buffers as they pass; measured, it costs a worker no time.
 * What is left is collected before the next large step (platform/collect-garbage.ts).
 */
export const memoryFlags = ['--max-semi-space-size=2', '--max-old-space-size=512', '--expose-gc']

/**
 * Of glibc: an arena for each of the many threads of the Temporal client would be kept when it is free, and so would
 * the buffers and tables of an import, which is 50 to 100 MB in a worker at rest. Blocks above the threshold go back
 * at once; it is below the 64 KiB of the buffers in which files and answers come, and, named, it does not rise with
 * each large block that is freed.
 */
export const allocation = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '32768' }

/** The worker, up when it has logged `worker ready`. */
export function planWorker(settings: Readonly<Record<string, string>>): ChildPlan {
  return {
    ...planScript('worker', workerScript, settings),
    waitUntilReady: async (lines, signal) => {
      while (!lines.some((line) => line.includes('"worker ready"'))) await sleep(50, undefined, { signal })
    },
    stopGraceMs: 6000,
  }
}

/** The API, up when it answers at all: what it says of the database and of Temporal is for others to read. */
export function planApi(settings: Readonly<Record<string, string>>, url: string): ChildPlan {
  return {
    ...planScript('api', apiScript, settings),
    waitUntilReady: async (_lines, signal) => {
      while (!(await isAnswering(`${url}/api/health`, signal))) await sleep(50, undefined, { signal })
    },
    stopGraceMs: 3000,
  }
}

function planScript(name: string, script: string, settings: Readonly<Record<string, string>>) {
  return {
    name,
    command: () => ({
      file: process.execPath,
      args: [...memoryFlags, script],
      cwd: root,
      env: { ...process.env, ...allocation, ...settings },
    }),
    stopSignal: 'SIGTERM',
    orphanSignal: 'SIGTERM',
  } as const
}

async function isAnswering(url: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted()
  try {
    const response = await fetch(url, { signal })
    await response.arrayBuffer()
    return true
  } catch {
    return false
  }
}
