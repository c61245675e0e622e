import { crc32 } from 'node:zlib'

const utf8Flag = 0x800
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The name of an entry. Macintosh writes UTF-8 without saying so, older Windows writes code page 437; only names of
 * ASCII letters matter to us, so that the second is shown as Latin-1 rather than carried as a table.
 */
export function decodeEntryName(
  rawName: Buffer,
  flags: number,
  unicodePath: Buffer | undefined,
): { name: string; hasTwoNames: boolean } {
  const written = decodeText(rawName, (flags & utf8Flag) !== 0)
  const unicode = readUnicodePath(rawName, unicodePath)
  // A name of plain ASCII needs no second spelling; a different one is there to deceive.
  const hasTwoNames = unicode !== undefined && unicode !== written && rawName.every((byte) => byte < 0x80)
  return { name: unicode ?? written, hasTwoNames }
}

function decodeText(raw: Buffer, isUtf8: boolean): string {
  if (isUtf8) return raw.toString('utf8')
  try {
    return strictUtf8.decode(raw)
  } catch {
    return raw.toString('latin1')
  }
}

/** The Info-ZIP Unicode path field: version 1, the checksum of the name field it belongs to, then the name. */
function readUnicodePath(rawName: Buffer, field: Buffer | undefined): string | undefined {
  if (field === undefined || field.length < 6 || field[0] !== 1) return undefined
  return field.readUInt32LE(1) === crc32(rawName) ? field.toString('utf8', 5) : undefined
}
