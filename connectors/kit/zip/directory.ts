import { decodeEntryName } from './entry-name.ts'
import { findExtraField, readBigSizes } from './extra-fields.ts'

/** An entry as the central directory describes it; nothing of it has been compared with the entry itself yet. */
export type DirectoryEntry = {
  readonly name: string
  readonly rawName: Buffer
  /** The Unicode path field names another file than the name field does: a reader of one is fooled by the other. */
  readonly hasTwoNames: boolean
  readonly isFolder: boolean
  /** A link, a device or anything else that is neither file nor folder. */
  readonly isSpecial: boolean
  readonly flags: number
  readonly method: number
  readonly crc32: number
  readonly compressedBytes: number
  readonly expandedBytes: number
  readonly headerOffset: number
}

const signature = 0x02014b50
const fixedBytes = 46
const unixFileType = 0o170000
const unixFolder = 0o040000
const unixPlainFile = 0o100000
const windowsReparsePoint = 0x400

/** Places in the fixed part of a directory record (APPNOTE 4.3.12). */
const at = { flags: 8, method: 10, crc32: 16, compressed: 20, expanded: 24, nameLength: 28, extraLength: 30 } as const
const at2 = { commentLength: 32, attributes: 38, headerOffset: 42 } as const

/**
 * The entries of a central directory given whole, at most `most` of them. Undefined when the bytes are not such a
 * directory from the first to the last.
 */
export function parseDirectory(bytes: Buffer, most: number): DirectoryEntry[] | undefined {
  const entries: DirectoryEntry[] = []
  let position = 0
  while (position < bytes.length && entries.length < most) {
    if (position + fixedBytes > bytes.length || bytes.readUInt32LE(position) !== signature) return undefined
    const nameEnd = position + fixedBytes + bytes.readUInt16LE(position + at.nameLength)
    const extraEnd = nameEnd + bytes.readUInt16LE(position + at.extraLength)
    const end = extraEnd + bytes.readUInt16LE(position + at2.commentLength)
    if (end > bytes.length) return undefined
    const rawName = bytes.subarray(position + fixedBytes, nameEnd)
    entries.push(
      buildEntry(bytes.subarray(position, position + fixedBytes), rawName, bytes.subarray(nameEnd, extraEnd)),
    )
    position = end
  }
  return entries
}

function buildEntry(fixed: Buffer, rawName: Buffer, extra: Buffer): DirectoryEntry {
  const flags = fixed.readUInt16LE(at.flags)
  const attributes = fixed.readUInt32LE(at2.attributes)
  const sizes = readBigSizes(findExtraField(extra, 1), {
    expandedBytes: fixed.readUInt32LE(at.expanded),
    compressedBytes: fixed.readUInt32LE(at.compressed),
    headerOffset: fixed.readUInt32LE(at2.headerOffset),
  })
  const { name, hasTwoNames } = decodeEntryName(rawName, flags, findExtraField(extra, 0x7075))
  const fileType = (attributes >>> 16) & unixFileType
  return {
    name,
    rawName,
    hasTwoNames,
    isFolder: name.endsWith('/') || fileType === unixFolder,
    isSpecial:
      (fileType !== 0 && fileType !== unixPlainFile && fileType !== unixFolder) ||
      (attributes & windowsReparsePoint) !== 0,
    flags,
    method: fixed.readUInt16LE(at.method),
    crc32: fixed.readUInt32LE(at.crc32),
    ...sizes,
  }
}
