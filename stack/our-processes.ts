import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './root.ts'
import type { ChildPlan } from './supervisor.ts'

export const workerScript = join(root, 'workers', 'main.ts')
export const apiScript = join(root, 'api', 'main.ts')

/**
 * A worker streams through files many times its memory, and V8 left alone lets the garbage of that grow with the
 * machine's memory. A small young generation collects the buffers as they pass; measured, it costs no time.
 */
const workerMemoryFlags = ['--max-semi-space-size=4', '--max-old-space-size=512']

/** The worker, up when it has logged `worker ready`. */
export function planWorker(settings: Readonly<Record<string, string>>): ChildPlan {
  return {
    // glibc would keep an arena of freed memory for each of the many threads of the Temporal client.
    ...planScript('worker', workerScript, { MALLOC_ARENA_MAX: '2', ...settings }, workerMemoryFlags),
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

function planScript(
  name: string,
  script: string,
  settings: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
) {
  return {
    name,
    command: () => ({
      file: process.execPath,
      args: [...flags, script],
      cwd: root,
      env: { ...process.env, ...settings },
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
