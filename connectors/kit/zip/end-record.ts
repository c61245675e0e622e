import type { InputFile } from '../input-file.ts'
import type { ArchiveFaultKind } from './archive-fault.ts'

/** Where the central directory lies and how many entries it claims to have. */
export type DirectoryPlace = { readonly offset: number; readonly sizeBytes: number; readonly entryCount: number }

const endSignature = 0x06054b50
const endMark = Buffer.from('PK\u0005\u0006')
const endBytes = 22
const locatorSignature = 0x07064b50
const locatorBytes = 20
const bigEndSignature = 0x06064b50
const bigEndBytes = 56
const longestComment = 0xffff
const archiveSignatures = new Set([0x04034b50, 0x08074b50])

/** Finds the central directory from the end of the archive, in the ZIP64 way where the archive has one. */
export async function findDirectory(file: InputFile): Promise<DirectoryPlace | ArchiveFaultKind> {
  const tailBytes = Math.min(file.sizeBytes, endBytes + longestComment + locatorBytes)
  const tailOffset = file.sizeBytes - tailBytes
  const tail = await file.read(tailOffset, tailBytes)
  const end = findEnd(tail)
  if (end === undefined) {
    if (tail.includes(endMark)) return 'directoryDamaged'
    return (await beginsAsArchive(file)) ? 'cutOff' : 'notAnArchive'
  }

  const small = {
    diskNumber: tail.readUInt16LE(end + 4),
    entryCount: tail.readUInt16LE(end + 10),
    sizeBytes: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  }
  const locator = end - locatorBytes
  if (locator >= 0 && tail.readUInt32LE(locator) === locatorSignature) {
    return findBigDirectory(file, tail.readBigUInt64LE(locator + 8), tailOffset + locator, small)
  }
  if (small.diskNumber !== 0) return 'directoryDamaged'
  return checkPlace(small, tailOffset + end)
}

/** The last end record whose comment reaches exactly to the end: bytes behind an archive are not part of one. */
function findEnd(tail: Buffer): number | undefined {
  for (let i = tail.length - endBytes; i >= 0; i--) {
    if (tail[i] !== 0x50 || tail.readUInt32LE(i) !== endSignature) continue
    if (i + endBytes + tail.readUInt16LE(i + 20) === tail.length) return i
  }
  return undefined
}

async function findBigDirectory(
  file: InputFile,
  recordOffset: bigint,
  locatorOffset: number,
  small: DirectoryPlace,
): Promise<DirectoryPlace | ArchiveFaultKind> {
  if (recordOffset > BigInt(locatorOffset)) return 'directoryDamaged'
  const record = await file.read(Number(recordOffset), bigEndBytes)
  if (record.length < bigEndBytes || record.readUInt32LE(0) !== bigEndSignature) return 'directoryDamaged'
  const place = {
    entryCount: Number(record.readBigUInt64LE(32)),
    sizeBytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  }
  // The old record either defers to the new one or says the same; otherwise two readers would see two archives.
  const agrees =
    (small.entryCount === 0xffff || small.entryCount === place.entryCount) &&
    (small.sizeBytes === 0xffffffff || small.sizeBytes === place.sizeBytes) &&
    (small.offset === 0xffffffff || small.offset === place.offset)
  return agrees ? checkPlace(place, Number(recordOffset)) : 'directoryDamaged'
}

function checkPlace(
  { offset, sizeBytes, entryCount }: DirectoryPlace,
  before: number,
): DirectoryPlace | ArchiveFaultKind {
  return offset + sizeBytes <= before ? { offset, sizeBytes, entryCount } : 'directoryDamaged'
}

async function beginsAsArchive(file: InputFile): Promise<boolean> {
  const head = await file.read(0, 4)
  return head.length === 4 && archiveSignatures.has(head.readUInt32LE(0))
}
