import { Readable, pipeline } from 'node:stream'
import { createInflateRaw } from 'node:zlib'

/** Large pieces: each costs a round trip to zlib's thread, which works on the next while ours is being read. */
const pieceBytes = 256 * 1024

export type Inflated = {
  readonly pieces: AsyncIterable<Buffer>
  /** Compressed bytes that belonged to the data; final when `pieces` has ended. */
  consumedBytes(): number
}

/**
 * Expands raw DEFLATE as fast as it is read and no faster. Damage is thrown as zlib's own error (see isInflateError);
 * stopping early closes `compressed`.
 */
export function inflate(compressed: AsyncIterable<Buffer>): Inflated {
  const inflater = createInflateRaw({ chunkSize: pieceBytes })
  return { pieces: readInflated(compressed, inflater), consumedBytes: () => inflater.bytesWritten }
}

async function* readInflated(
  compressed: AsyncIterable<Buffer>,
  inflater: ReturnType<typeof createInflateRaw>,
): AsyncGenerator<Buffer> {
  const input = Readable.from(compressed)
  const isClosed = new Promise<void>((resolve) => input.once('close', resolve))
  // Errors of either stream reach the loop below, because the pipeline destroys the one with the error of the other.
  pipeline(input, inflater, () => undefined)
  try {
    for await (const piece of inflater) yield piece as Buffer // zlib streams give buffers; the iterator's type is any
  } finally {
    inflater.destroy()
    input.destroy()
    await isClosed
  }
}

/** True for what zlib says of data that is not DEFLATE or ends too soon, false for failures to read the input. */
export function isInflateError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}
