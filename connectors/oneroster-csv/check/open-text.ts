import { isUtf8Stream, transcodeWindows1252 } from '../../kit/csv/windows-1252.ts'
import type { PackageFile } from '../package/open-package.ts'

/** The text of a file as UTF-8, to be read as often as needed. */
export type OpenedText = { readonly isTranscoded: boolean; stream(): AsyncIterable<Buffer> }

/**
 * Only a source known to send Windows-1252 costs the reading beforehand that finds out what this file is; all others
 * are read as UTF-8 and refused when they are not (C-01).
 */
export async function openText(file: PackageFile, allowWindows1252: boolean): Promise<OpenedText> {
  if (!allowWindows1252 || (await isUtf8Stream(file.stream())) || (await isUtf16(file.stream()))) {
    return { isTranscoded: false, stream: () => file.stream() }
  }
  return { isTranscoded: true, stream: () => transcode(file.stream()) }
}

/** Such a file is no text in Windows-1252 either, and is refused as what it is (C-03). */
async function isUtf16(blocks: AsyncIterable<Buffer>): Promise<boolean> {
  const head: number[] = []
  for await (const block of blocks) {
    head.push(...block.subarray(0, 2 - head.length))
    if (head.length === 2) break
  }
  const [first, second] = head
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
}

async function* transcode(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const block of blocks) yield transcodeWindows1252(block)
}
