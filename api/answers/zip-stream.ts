import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** A file of an archive. `pieces` are read when its turn comes, and left when the reader leaves; text becomes UTF-8. */
export type ZipMember = {
  readonly name: string
  readonly pieces: AsyncIterable<string | Uint8Array>
  /** False for what is an archive itself. */
  readonly isCompressed: boolean
}

/**
 * An archive of members one after the other, in flat memory and at the reader's pace. Whoever leaves ends the member at
 * work; what a member throws is thrown, so that nobody takes a part for the whole. Why yazl and not jszip:
 * docs/decisions/0034-one-zip-writer.md.
 */
export async function* streamZip(members: readonly ZipMember[]): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const output = zip.outputStream.pipe(new PassThrough())
  let atWork: Readable | undefined
  zip.on('error', (error: Error) => output.destroy(error))
  for (const { name, pieces, isCompressed } of members) {
    zip.addReadStreamLazy(name, { compress: isCompressed }, (give) => {
      atWork = Readable.from(encodePieces(pieces), { objectMode: false })
      atWork.once('error', (error) => output.destroy(error))
      if (output.destroyed) atWork.destroy()
      give(null, atWork)
    })
  }
  zip.end()
  try {
    for await (const piece of output) yield piece as Uint8Array // a stream of bytes
  } finally {
    atWork?.destroy()
    output.destroy()
  }
}

async function* encodePieces(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece
}
