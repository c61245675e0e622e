import type { LookAlikeFacts } from '../rules/package/look-alike.ts'
import { isLitter } from '../rules/package/layout.ts'
import type { PackageLayout } from '../rules/package/layout.ts'
import type { SourceEntry } from './package-source.ts'
import { beginsAsZip, peekHead, readHeaderNames } from './peek.ts'

/** What the first bytes of the files tell: the headers of data files, and which files are archives. */
export type FirstLook = {
  readonly archives: ReadonlySet<string>
  readonly lookAlikeFacts: LookAlikeFacts
}

/** Looks at the beginning of every file that is not litter. */
export async function lookInto(entries: readonly SourceEntry[], layout: PackageLayout): Promise<FirstLook> {
  const archives = new Set<string>()
  const headers = new Map<string, readonly string[]>()
  const membersByPath = new Map(layout.members.map((member) => [member.path, member]))
  for (const entry of entries) {
    if (entry.isFolder || isLitter(entry.path)) continue
    const head = await peekHead(entry)
    if (entry.path.toLowerCase().endsWith('.zip') || beginsAsZip(head)) archives.add(entry.path)
    const name = membersByPath.get(entry.path)?.name
    const header = name === undefined || name === 'manifest' ? undefined : readHeaderNames(head)
    if (name !== undefined && header !== undefined) headers.set(name, header)
  }
  const names = layout.members.map((member) => member.name)
  const lookAlikeFacts = {
    headers,
    fileNames: layout.members.map(({ fileName }) => fileName.toLowerCase()),
    hasManifest: names.includes('manifest'),
    dataFileCount: names.filter((name) => name !== undefined && name !== 'manifest').length,
    hasArchiveInside: archives.size > 0,
  }
  return { archives, lookAlikeFacts }
}
