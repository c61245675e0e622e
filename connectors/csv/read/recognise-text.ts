import { isUtf8 } from 'node:buffer'
import type { InputFile } from '../../kit/input-file.ts'
import { rulesOfTables } from '../rules.ts'
import { TableDamage } from '../table-damage.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
export type RecognisedText = { readonly encoding: Encoding; readonly markBytes: number }

/** What spreadsheets are renamed from, by how their files begin; in words for whoever sent one. */
const otherFiles: readonly { readonly begins: readonly number[]; readonly what: string }[] = [
  {
    begins: [0x50, 0x4b, 0x03, 0x04],
    what: 'an Excel workbook (.xlsx) or another ZIP archive, whatever its name says',
  },
  { begins: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook (.xls), whatever its name says' },
  { begins: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
  { begins: [0x1f, 0x8b], what: 'a compressed file (gzip)' },
]

const advice = 'Open it in the spreadsheet and save it as "CSV UTF-8".'
const lookedAtBytes = 4096
/** Windows-1252 has no characters here; files of a Macintosh and binary ones do. */
const undefinedBytes = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

/**
 * How the text of a file is written: by its byte order mark, by the places of its zeros, and else by all of its bytes.
 * @throws TableDamage for a file that is no text.
 */
export async function recogniseText(file: InputFile): Promise<RecognisedText> {
  const start = await file.read(0, lookedAtBytes)
  if (start.length === 0) throw new TableDamage(rulesOfTables.noTable, `The file is empty. Export it again.`)
  const other = otherFiles.find(({ begins }) => begins.every((byte, at) => start[at] === byte))
  if (other !== undefined) throw new TableDamage(rulesOfTables.noTable, `The file is ${other.what}. ${advice}`)
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 }
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 }
  const wide = findWideText(start)
  if (wide !== undefined) return { encoding: wide, markBytes: 0 }
  const markBytes = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0
  return { encoding: await recogniseBytes(file, markBytes > 0), markBytes }
}

/** UTF-16 without a mark: of Latin text every second byte is zero, and none of the others. */
function findWideText(start: Buffer): Encoding | undefined {
  let [even, odd] = [0, 0]
  for (let at = 0; at < start.length; at++) {
    if (start[at] !== 0) continue
    if (at % 2 === 0) even++
    else odd++
  }
  const many = start.length / 4
  if (odd > many && even === 0) return 'utf-16le'
  return even > many && odd === 0 ? 'utf-16be' : undefined
}

async function recogniseBytes(file: InputFile, isMarked: boolean): Promise<Encoding> {
  let isUnicode = true
  let isWindows = !isMarked
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of file.stream(0, file.sizeBytes)) {
    if (piece.includes(0)) {
      throw new TableDamage(rulesOfTables.noTable, `The file has bytes that are in no text (zeros). ${advice}`)
    }
    if (isUnicode) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      const whole = endOfWholeCharacters(bytes)
      isUnicode = isUtf8(bytes.subarray(0, whole))
      rest = Buffer.from(bytes.subarray(whole))
    }
    isWindows &&= !undefinedBytes.some((byte) => piece.includes(byte))
    if (!isUnicode && !isWindows) break
  }
  if (isUnicode && rest.length === 0) return 'utf-8'
  if (isWindows) return 'windows-1252'
  throw new TableDamage(rulesOfTables.brokenText, `The file is neither UTF-8 nor Windows-1252. ${advice}`)
}

/** Where the last character that is whole ends; behind it at most three bytes of the next one. */
function endOfWholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number // within the buffer
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return length > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

/** The text of the file as UTF-8, without a mark. @throws TableDamage for bytes that are no text of the encoding. */
export async function* decodeText(file: InputFile, { encoding, markBytes }: RecognisedText): AsyncGenerator<Buffer> {
  const pieces = file.stream(markBytes, file.sizeBytes - markBytes)
  if (encoding === 'utf-8') {
    yield* pieces
    return
  }
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  const decode = (bytes?: Buffer): Buffer => {
    try {
      return Buffer.from(bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }))
    } catch {
      throw new TableDamage(
        rulesOfTables.brokenText,
        `The file begins as ${nameOf[encoding]}, and is no such text to its end: it was cut off or put together of two. Export it again.`,
      )
    }
  }
  for await (const piece of pieces) yield decode(piece)
  yield decode()
}

export const nameOf: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little endian)',
  'utf-16be': 'UTF-16 (big endian)',
  'windows-1252': 'Windows-1252',
}
