import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { hashFiles } from './hash-files.ts'
import { root } from '../root.ts'
import { runCommand } from '../processes/run-command.ts'

/** Whatever can end up in the bundle, or decides what does. */
const sources = [
  ...['workflows/**/*.ts', 'domain/**/*.ts', 'activities/interface.ts', 'workers/bundle-workflows.ts'],
  ...['workflow', 'worker', 'common'].map((name) => `node_modules/@temporalio/${name}/package.json`),
]

/**
 * Path of the bundled workflows, built when the code has changed since. Workers load it by path: a worker that bundles
 * for itself keeps webpack's hundred megabytes.
 */
export async function getWorkflowBundle(say: (text: string) => void = () => undefined): Promise<string> {
  const file = join(root, '.rollbook', 'bundles', `workflows-${hashFiles(sources)}.js`)
  if (existsSync(file)) return file
  // swc would make the folder for itself alone, and with it the one above that PostgreSQL's data lie in.
  const cache = join(root, '.rollbook', 'cache')
  mkdirSync(cache, { recursive: true })
  say('Bundling the workflows …')
  await runCommand(process.execPath, [join(root, 'stack/code/bundle-workflows.ts'), file], {
    timeoutMs: 120_000,
    // swc, by which webpack reads TypeScript, leaves a folder in the user's cache otherwise.
    env: { ...process.env, XDG_CACHE_HOME: cache },
  })
  return file
}
