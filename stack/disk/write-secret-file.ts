import { renameSync, writeFileSync } from 'node:fs'

/** Writes a file that only its owner reads, whole or not at all: a reader never sees half of it. */
export function writeSecretFile(path: string, text: string): void {
  const own = `${path}.${process.pid}.new`
  writeFileSync(own, text, { mode: 0o600 })
  renameSync(own, path)
}
