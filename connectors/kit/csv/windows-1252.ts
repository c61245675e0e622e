import { isUtf8 } from 'node:buffer'

const decoder = new TextDecoder('windows-1252')

/** UTF-8 of each byte above ASCII; two or three bytes each. */
const encoded = Array.from({ length: 128 }, (_, at) => Buffer.from(decoder.decode(Uint8Array.of(at + 128))))

/** The text of Windows-1252 bytes as UTF-8. */
export function transcodeWindows1252(bytes: Uint8Array): Buffer {
  const text = Buffer.allocUnsafe(bytes.length * 3)
  let end = 0
  for (const byte of bytes) {
    if (byte < 128) {
      text[end++] = byte
    } else {
      end += (encoded[byte - 128] as Buffer).copy(text, end) // 128 entries, one for each byte above ASCII
    }
  }
  return text.subarray(0, end)
}

/** Whether all the blocks together are UTF-8; a character may be cut by their borders. */
export async function isUtf8Stream(blocks: AsyncIterable<Buffer>): Promise<boolean> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const block of blocks) {
    const bytes = rest.length === 0 ? block : Buffer.concat([rest, block])
    const cut = endOfWholeLines(bytes)
    if (!isUtf8(bytes.subarray(0, cut))) return false
    rest = Buffer.from(bytes.subarray(cut))
    // A line end is never part of a character; a "line" longer than this is no text of a package anyway.
    if (rest.length > 1 << 20) return true
  }
  return isUtf8(rest)
}

function endOfWholeLines(bytes: Buffer): number {
  return bytes.lastIndexOf(0x0a) + 1
}
