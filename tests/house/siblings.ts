import type { SourceFile } from './source-files.ts'

const mostSiblings = 20
const story = 'ARCHITECTURE.md'

/**
 * Folders in which nobody finds anything any more: files and folders that stand side by side, the page of the folder
 * apart. One may have more where ARCHITECTURE.md, or a page at or above the folder, says why:
 * `folder/` has more than twenty siblings: …
 */
export function checkSiblings(files: readonly SourceFile[]): string[] {
  const siblings = new Map<string, Set<string>>()
  for (const { path } of files) {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/')
      const name = parts[depth] ?? ''
      const known = siblings.get(folder) ?? new Set<string>()
      siblings.set(folder, name === 'README.md' ? known : known.add(name))
    }
  }
  return [...siblings]
    .filter(([folder, names]) => names.size > mostSiblings && !isReasoned(folder, files))
    .map(([folder, names]) => `${folder}/ has ${names.size} siblings: give each subject its room, or say why not`)
}

function isReasoned(folder: string, files: readonly SourceFile[]): boolean {
  const says = new RegExp(`\`${folder.replaceAll('.', '\\.')}/\` has more than twenty siblings: \\S.{20}`)
  const isAbove = (page: string): boolean => `${folder}/`.startsWith(page.slice(0, -'README.md'.length))
  return files.some(
    ({ path, text }) =>
      (path === story || (path.endsWith('/README.md') && isAbove(path))) && says.test(text.replaceAll(/\s+/g, ' ')),
  )
}
