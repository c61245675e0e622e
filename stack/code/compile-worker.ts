import { globSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'

/**
 * `node stack/code/compile-worker.ts`: loads the code of a worker and of the threads that connectors start, so that Node
 * keeps it compiled where NODE_COMPILE_CACHE says. Started without the settings of a worker.
 */
try {
  await import('../../workers/main.ts')
} catch {
  // It misses its settings, and has loaded all its code by then.
}
for (const thread of globSync('connectors/**/*-thread.ts', { cwd: root })) await import(join(root, thread))
