import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes a folder, and lets nobody but its owner read what is in it, whatever an earlier start left; the folders that
 * `isLeft` names are not looked into. As root PostgreSQL runs under another account, which has to pass through: then
 * folders can be passed, and still not be listed.
 */
export function closeToOthers(folder: string, isLeft: (path: string) => boolean = () => false): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const folderMode = process.getuid?.() === 0 ? 0o711 : 0o700
  const close = (path: string): void => {
    chmodSync(path, folderMode)
    for (const name of readdirSync(path)) {
      const inner = join(path, name)
      const facts = lstatSync(inner)
      if (facts.isDirectory() && !isLeft(inner)) close(inner)
      // A file that may be executed stays so, for its owner.
      else if (facts.isFile()) chmodSync(inner, facts.mode & 0o700)
    }
  }
  close(folder)
}
