import type { ArchiveFault } from './archive-fault.ts'
import { showName } from './show-name.ts'
import type { InputFile } from '../input-file.ts'
import { parseDirectory } from './directory.ts'
import type { DirectoryEntry } from './directory.ts'
import { findDirectory } from './end-record.ts'
import { ExpansionBudget } from './expansion-budget.ts'
import { findData } from './local-header.ts'
import { readEntry } from './read-entry.ts'
import type { ZipLimits } from './zip-limits.ts'

export type ZipEntry = {
  /** As written in the archive, with all that a hostile hand may have put there. */
  readonly name: string
  readonly isFolder: boolean
  /** A link or device: never a file to read. */
  readonly isSpecial: boolean
  readonly compressedBytes: number
  /** As the directory says. */
  readonly expandedBytes: number
  /** The expanded bytes, checked while they pass; may be called again. Throws ArchiveDamage. */
  stream(): AsyncIterable<Buffer>
}

export type OpenedZip = { readonly entries: readonly ZipEntry[]; readonly faults: readonly ArchiveFault[] }

/** Room for the names and fields of each entry; a directory beyond that is not one of files with names. */
const directoryBytesPerEntry = 2048
const encryptedFlag = 0x1
const method = { store: 0, deflate: 8 } as const

/**
 * Reads the directory of an archive and compares it with the archive, without expanding anything. With faults, what is
 * listed may be incomplete and should not be read. Only a failure to read the input itself is thrown.
 */
export async function openZip(file: InputFile, limits: ZipLimits): Promise<OpenedZip> {
  const refuse = (fault: ArchiveFault): OpenedZip => ({ entries: [], faults: [fault] })
  if (file.sizeBytes > limits.archiveBytes) {
    return refuse({ kind: 'archiveTooLarge', detail: `limit ${String(limits.archiveBytes)} bytes` })
  }
  const place = await findDirectory(file)
  if (typeof place === 'string') return refuse({ kind: place })
  const tooMany: ArchiveFault = { kind: 'tooManyEntries', detail: `limit ${String(limits.entryCount)}` }
  if (place.entryCount > limits.entryCount) return refuse(tooMany)
  if (place.sizeBytes > limits.entryCount * directoryBytesPerEntry) return refuse({ kind: 'directoryDamaged' })

  const bytes = await file.read(place.offset, place.sizeBytes)
  const listed = parseDirectory(bytes, limits.entryCount + 1)
  if (listed === undefined) return refuse({ kind: 'directoryDamaged' })
  if (listed.length > limits.entryCount) return refuse(tooMany)
  if (listed.length !== place.entryCount) return refuse({ kind: 'directoryDamaged' })
  return compareEntries(file, listed, place.offset, limits)
}

async function compareEntries(
  file: InputFile,
  listed: readonly DirectoryEntry[],
  directoryOffset: number,
  limits: ZipLimits,
): Promise<OpenedZip> {
  const faults: ArchiveFault[] = findOversize(listed, limits)
  const budget = new ExpansionBudget(limits)
  const entries: ZipEntry[] = []
  const ranges: { entry: DirectoryEntry; end: number }[] = []
  for (const [index, entry] of listed.entries()) {
    const name = showName(entry.name)
    const own = findOwnFault(entry)
    const data = own ?? (await findData(file, entry))
    if (typeof data === 'string') {
      faults.push({ kind: data, entry: name })
      continue
    }
    const end = data + entry.compressedBytes
    if (end > directoryOffset) {
      faults.push({ kind: 'sizeDiffers', entry: name })
      continue
    }
    ranges.push({ entry, end })
    entries.push({
      name: entry.name,
      isFolder: entry.isFolder,
      isSpecial: entry.isSpecial,
      compressedBytes: entry.compressedBytes,
      expandedBytes: entry.expandedBytes,
      stream: () => readEntry(file, { ...entry, index, name, dataOffset: data }, budget),
    })
  }
  return { entries, faults: [...faults, ...findOverlap(ranges)] }
}

function findOwnFault(entry: DirectoryEntry): 'encrypted' | 'unknownCompression' | 'headersDiffer' | undefined {
  if ((entry.flags & encryptedFlag) !== 0) return 'encrypted'
  if (entry.method !== method.store && entry.method !== method.deflate) return 'unknownCompression'
  return entry.hasTwoNames ? 'headersDiffer' : undefined
}

/** Sizes so large by the archive's own account that there is no need to expand anything. */
function findOversize(listed: readonly DirectoryEntry[], limits: ZipLimits): ArchiveFault[] {
  const large = listed.find((entry) => entry.expandedBytes > limits.entryBytes)
  if (large !== undefined) {
    const detail = `limit ${String(limits.entryBytes)} bytes`
    return [{ kind: 'entryTooLarge', entry: showName(large.name), detail }]
  }
  const totalBytes = listed.reduce((sum, entry) => sum + entry.expandedBytes, 0)
  if (totalBytes <= limits.totalBytes) return []
  return [{ kind: 'totalTooLarge', detail: `limit ${String(limits.totalBytes)} bytes` }]
}

/** Entries that share bytes are how a small archive is made to expand without end (and never arise otherwise). */
function findOverlap(ranges: { entry: DirectoryEntry; end: number }[]): ArchiveFault[] {
  ranges.sort((a, b) => a.entry.headerOffset - b.entry.headerOffset)
  const first = ranges.find(({ entry }, i) => (ranges[i - 1]?.end ?? 0) > entry.headerOffset)
  return first === undefined ? [] : [{ kind: 'entriesOverlap', entry: showName(first.entry.name) }]
}
