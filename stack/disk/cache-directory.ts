import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from '../root.ts'

/**
 * Where downloaded executables are kept: ROLLBOOK_CACHE, else the user's cache folder, else (an account without a home)
 * the checkout. Made when it is not there.
 */
export function getCacheDirectory(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { ROLLBOOK_CACHE: chosen, XDG_CACHE_HOME: caches } = environment
  if (chosen !== undefined && chosen !== '') return makeWritable(resolve(chosen))
  const home = environment['HOME'] ?? homedir()
  const usual = process.platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')
  try {
    return makeWritable(join(caches === undefined || caches === '' ? usual : caches, 'rollbook'))
  } catch {
    return makeWritable(join(root, '.rollbook', 'cache'))
  }
}

function makeWritable(directory: string): string {
  mkdirSync(directory, { recursive: true })
  accessSync(directory, constants.W_OK)
  return directory
}
