import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..', '..')

/**
 * What the files of a folder export that looks like `isMeant`, its registry aside; of a folder of folders, what the
 * `connector.ts` of each does.
 */
export async function listExports<Value extends object>(
  folder: string,
  isMeant: (value: object) => boolean,
): Promise<Value[]> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  const files = entries.flatMap((entry) => {
    if (entry.name === 'registry.ts') return []
    return entry.isDirectory() ? [join(entry.name, 'connector.ts')] : [entry.name]
  })
  const found: Value[] = []
  for (const file of files.filter((name) => name !== join('kit', 'connector.ts'))) {
    // What a module exports, by name.
    const exported = (await import(pathToFileURL(join(root, folder, file)).href)) as Readonly<Record<string, unknown>>
    for (const value of Object.values(exported)) {
      if (typeof value === 'object' && value !== null && isMeant(value)) found.push(value as Value) // by its caller's promise
    }
  }
  return found
}
