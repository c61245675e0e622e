import { randomUUID } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { showJson } from '../../platform/visible-text.ts'
import { write } from '../print.ts'

const blockBytes = 1 << 16

/**
 * Prints pages as one JSON array without holding more than a page. They are gathered in a file without a name first:
 * a server that fails before the last page must not leave half an array on standard output.
 */
export async function printJsonPages(pages: AsyncIterable<readonly unknown[]>): Promise<void> {
  const file = await openNameless()
  try {
    let separator = '['
    for await (const page of pages) {
      if (page.length === 0) continue
      await file.writeFile(separator + page.map((item) => `\n  ${showJson(JSON.stringify(item))}`).join(','))
      separator = ','
    }
    await file.writeFile(separator === '[' ? '[]\n' : '\n]\n')
    await printFile(file)
  } finally {
    await file.close()
  }
}

async function printFile(file: FileHandle): Promise<void> {
  const block = Buffer.alloc(blockBytes)
  for (let place = 0; ;) {
    const { bytesRead } = await file.read(block, 0, blockBytes, place)
    if (bytesRead === 0) return
    // A copy: what standard output has taken may wait there while the block is filled again.
    await write(Buffer.from(block.subarray(0, bytesRead)))
    place += bytesRead
  }
}

/** Gone when it is closed, or when the process is; nobody else may read it meanwhile. */
async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `rollbook-${randomUUID()}.json`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}
