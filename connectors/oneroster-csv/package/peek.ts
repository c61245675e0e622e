import { ArchiveDamage } from '../../kit/zip/archive-damage.ts'
import { CsvReader } from '../../kit/csv/csv-reader.ts'
import type { SourceEntry } from './package-source.ts'

const headBytes = 64 * 1024

/**
 * The first bytes of an entry. Damage is not told here: whoever reads the entry whole meets it again, and one telling
 * is enough.
 */
export async function peekHead(entry: SourceEntry): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of entry.stream()) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes >= headBytes) break
    }
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error
  }
  return Buffer.concat(pieces).subarray(0, headBytes)
}

/** Whether a file is a ZIP by its first bytes: a first entry, an empty archive, a part of a split one. */
export function beginsAsZip(head: Buffer): boolean {
  const [first, second, third, fourth] = head
  if (first !== 0x50 || second !== 0x4b) return false
  return (third === 3 && fourth === 4) || (third === 5 && fourth === 6) || (third === 7 && fourth === 8)
}

/** The names in the first line, blanks around them gone; undefined when there is no such line. */
export function readHeaderNames(head: Buffer): string[] | undefined {
  let names: string[] | undefined
  const reader = new CsvReader({
    row: (row) => {
      names ??= Array.from({ length: row.width }, (_, cell) => row.text(cell).trim())
    },
    fault: () => undefined,
  })
  // NUL bytes go, so that the header of a UTF-16 file shows: it is one of OneRoster in the wrong encoding.
  const text = head.includes(0) ? Buffer.from(head.filter((byte) => byte !== 0 && byte < 0x80)) : head
  const firstLine = /\r\n|\n|\r/.exec(text.toString('latin1'))
  reader.push(firstLine === null ? text : text.subarray(0, firstLine.index))
  reader.end()
  return names?.some((name) => name !== '') === true ? names : undefined
}
