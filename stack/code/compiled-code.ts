import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashFiles } from './hash-files.ts'
import { memoryFlags } from '../processes/our-processes.ts'
import { root } from '../root.ts'
import { runCommand } from '../processes/run-command.ts'

/** Where Node keeps our code compiled, for the commands (cli/main.ts) and the processes of a stack. */
export const compileCache = join(root, 'node_modules', '.cache', 'rollbook')

const sources = ['{activities,connectors,db,domain,platform,workers}/**/*.ts', 'config.ts']

/**
 * Compiles the code of a worker when it has changed since. A worker that has to read TypeScript by itself takes in the
 * compiler, and keeps its 10 MB. An installation that cannot be written to does without.
 */
export async function compileWorkerCode(): Promise<void> {
  const mark = join(compileCache, `worker-${process.version}-${hashFiles(sources)}`)
  if (existsSync(mark)) return
  try {
    await runCommand(process.execPath, [...memoryFlags, join(root, 'stack', 'code', 'compile-worker.ts')], {
      timeoutMs: 60_000,
      env: { NODE_COMPILE_CACHE: compileCache },
    })
    writeFileSync(mark, '')
  } catch {
    // The worker says better than this what is wrong with its code, and a folder that is read-only harms nobody.
  }
}
