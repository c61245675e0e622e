import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import type { InputFile } from './input-file.ts'

export type FileInput = InputFile & { close(): Promise<void> }

const pieceBytes = 256 * 1024

/** Opens a file on disk for reading; `close` it when everything read from it has been dealt with. */
export async function openFileInput(path: string): Promise<FileInput> {
  const handle = await open(path, 'r')
  try {
    return await inputOfHandle(handle, basename(path))
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A file that is open already, under a name to tell it by; `close` closes it. */
export async function inputOfHandle(handle: FileHandle, name: string): Promise<FileInput> {
  const { size } = await handle.stat()
  return {
    name,
    sizeBytes: size,
    read: (offset, lengthBytes) => readUpTo(handle, offset, lengthBytes),
    stream: (offset, lengthBytes) => readPieces(handle, offset, lengthBytes),
    close: () => handle.close(),
  }
}

async function readUpTo(handle: FileHandle, offset: number, lengthBytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(lengthBytes)
  let filled = 0
  while (filled < lengthBytes) {
    const { bytesRead } = await handle.read(buffer, filled, lengthBytes - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** Reads one piece ahead, so that the disk works while the last piece is being looked at. */
async function* readPieces(handle: FileHandle, offset: number, lengthBytes: number): AsyncGenerator<Buffer> {
  const end = offset + lengthBytes
  const readAt = (position: number): Promise<Buffer> => {
    const next = readUpTo(handle, position, Math.min(pieceBytes, end - position))
    // Whoever stops early never awaits the piece in flight; its failure must not end the process.
    next.catch(() => undefined)
    return next
  }
  let position = offset
  let ahead = readAt(position)
  try {
    while (position < end) {
      const piece = await ahead
      if (piece.length === 0) return
      position += piece.length
      if (position < end) ahead = readAt(position)
      yield piece
    }
  } finally {
    await ahead.catch(() => undefined)
  }
}
