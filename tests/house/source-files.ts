import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One file of the checkout, its path relative to the root and with forward slashes. */
export type SourceFile = { readonly path: string; readonly text: string }

/** What is not ours or not written by hand; the checks look at everything else. */
const skippedFolders = new Set(['node_modules', '.git', '.rollbook', 'coverage', 'dist', 'tmp'])
const textFile = /(^|\/)(Dockerfile|LICENSE|\.[a-z]+)$|\.(ts|tsx|js|cjs|mjs|json|md|sql|yml|yaml|sh|txt|env|example)$/

/** Every text file below `root`, in the order of their paths. */
export async function listSourceFiles(root: string): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for (const path of (await listPaths(root, '')).sort()) {
    if (textFile.test(path)) files.push({ path, text: await readFile(join(root, path), 'utf8') })
  }
  return files
}

async function listPaths(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const nested = entries.map(async (entry): Promise<string[]> => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : await listPaths(root, path)
    return entry.isFile() ? [path] : []
  })
  return (await Promise.all(nested)).flat()
}
