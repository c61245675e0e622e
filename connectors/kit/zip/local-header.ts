import type { ArchiveFaultKind } from './archive-fault.ts'
import type { InputFile } from '../input-file.ts'
import type { DirectoryEntry } from './directory.ts'
import { findExtraField, readBigSizes } from './extra-fields.ts'

const signature = 0x04034b50
const fixedBytes = 30
const usualExtraBytes = 128
const encryptedFlag = 0x1
/** Sizes and checksum follow the data; the header then holds zeroes. */
const descriptorFlag = 0x8

/**
 * Where an entry's data begins, after comparing the header before the data with the directory: a reader that goes by
 * the one must not see another file than a reader that goes by the other.
 */
export async function findData(file: InputFile, entry: DirectoryEntry): Promise<number | ArchiveFaultKind> {
  const readAhead = fixedBytes + entry.rawName.length + usualExtraBytes
  let header = await file.read(entry.headerOffset, readAhead)
  if (header.length < fixedBytes || header.readUInt32LE(0) !== signature) return 'directoryDamaged'
  const nameEnd = fixedBytes + header.readUInt16LE(26)
  const headerBytes = nameEnd + header.readUInt16LE(28)
  if (headerBytes > readAhead) header = await file.read(entry.headerOffset, headerBytes)
  if (header.length < headerBytes) return 'cutOff'

  const flags = header.readUInt16LE(6)
  if ((flags & encryptedFlag) !== 0) return 'encrypted'
  const isSame =
    header.subarray(fixedBytes, nameEnd).equals(entry.rawName) &&
    header.readUInt16LE(8) === entry.method &&
    ((flags & descriptorFlag) !== 0 || agreesOnSizes(header, header.subarray(nameEnd, headerBytes), entry))
  return isSame ? entry.headerOffset + headerBytes : 'headersDiffer'
}

function agreesOnSizes(header: Buffer, extra: Buffer, entry: DirectoryEntry): boolean {
  const sizes = readBigSizes(findExtraField(extra, 1), {
    compressedBytes: header.readUInt32LE(18),
    expandedBytes: header.readUInt32LE(22),
    headerOffset: 0,
  })
  return (
    header.readUInt32LE(14) === entry.crc32 &&
    sizes.compressedBytes === entry.compressedBytes &&
    sizes.expandedBytes === entry.expandedBytes
  )
}
