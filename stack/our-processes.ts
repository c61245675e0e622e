import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './root.ts'
import type { ChildPlan } from './supervisor.ts'

export const workerScript = join(root, 'workers', 'main.ts')
export const apiScript = join(root, 'api', 'main.ts')

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
    command: () => ({ file: process.execPath, args: [script], cwd: root, env: { ...process.env, ...settings } }),
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
