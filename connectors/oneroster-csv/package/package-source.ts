import type { ArchiveFault } from '../../kit/zip/archive-fault.ts'
import type { PackageEntry } from '../rules/package/layout.ts'
import type { FolderInput } from '../../kit/folder-input.ts'
import type { InputFile } from '../../kit/input-file.ts'
import { openZip } from '../../kit/zip/open-zip.ts'
import type { ZipLimits } from '../../kit/zip/zip-limits.ts'

/** A ZIP archive, or a folder with the unpacked files. */
export type PackageSource = InputFile | FolderInput

/** An entry of a package wherever it lies, to be read as often as is needed. */
export type SourceEntry = PackageEntry & {
  readonly sizeBytes: number
  /** Throws ArchiveDamage. */
  stream(): AsyncIterable<Buffer>
}

export type ListedSource = { readonly entries: readonly SourceEntry[]; readonly faults: readonly ArchiveFault[] }

/** What is in the source, and what is wrong with the archive around it. */
export async function listSource(source: PackageSource, limits: ZipLimits): Promise<ListedSource> {
  if ('list' in source) return listFolder(source, limits)
  const { entries, faults } = await openZip(source, limits)
  return {
    faults,
    entries: entries.map((entry) => ({
      path: entry.name,
      isFolder: entry.isFolder,
      isSpecial: entry.isSpecial,
      sizeBytes: entry.expandedBytes,
      stream: () => entry.stream(),
    })),
  }
}

async function listFolder(folder: FolderInput, { entryCount }: ZipLimits): Promise<ListedSource> {
  const items = await folder.list(entryCount + 1)
  if (items.length > entryCount) {
    return { entries: [], faults: [{ kind: 'tooManyEntries', detail: `limit ${String(entryCount)}` }] }
  }
  const entries = items.map(({ name, kind, sizeBytes }) => ({
    path: name,
    isFolder: kind === 'folder',
    isSpecial: kind === 'special',
    sizeBytes,
    stream: () => streamFile(folder, name, sizeBytes),
  }))
  return { entries, faults: [] }
}

async function* streamFile(folder: FolderInput, name: string, sizeBytes: number): AsyncGenerator<Buffer> {
  const file = await folder.openFile(name)
  try {
    yield* file.stream(0, sizeBytes)
  } finally {
    await file.close()
  }
}
