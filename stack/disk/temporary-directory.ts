import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAbandoned, lockDirectory, lockName } from './stack-lock.ts'

const prefix = 'rollbook-'

/**
 * A new folder for throw-away stacks, each in a folder of its own inside. Others may pass through it, not list it: as
 * root, PostgreSQL runs under another account and its data lies inside. Folders that processes which were killed left
 * in the same place go now.
 */
export function makeTemporaryDirectory(parent = tmpdir()): { readonly path: string; readonly remove: () => void } {
  removeAbandoned(parent)
  const path = mkdtempSync(join(parent, prefix))
  chmodSync(path, 0o711)
  lockDirectory(path)
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

function removeAbandoned(parent: string): void {
  for (const folder of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    const path = join(parent, folder)
    try {
      if (!isAbandoned(path)) continue
      // The lock goes last: what cannot be removed now, while its PostgreSQL is ending, is found by the next one.
      for (const entry of readdirSync(path).filter((name) => name !== lockName)) {
        rmSync(join(path, entry), { recursive: true, force: true })
      }
      rmSync(path, { recursive: true, force: true })
    } catch {
      // Somebody else's, or somebody else is removing it at this moment.
    }
  }
}
