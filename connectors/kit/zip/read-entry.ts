import { crc32 } from 'node:zlib'
import type { InputFile } from '../input-file.ts'
import { ArchiveDamage } from './archive-damage.ts'
import type { ExpansionBudget } from './expansion-budget.ts'
import { inflate, isInflateError } from './inflate.ts'
import type { Inflated } from './inflate.ts'

/** What is needed to expand one entry; sizes and checksum are the directory's and are put to the test. */
export type EntryPlace = {
  readonly index: number
  readonly name: string
  readonly dataOffset: number
  readonly compressedBytes: number
  readonly expandedBytes: number
  readonly crc32: number
  readonly method: number
}

/** The expanded bytes of an entry. Throws ArchiveDamage; a failure to read the input is thrown as it is. */
export async function* readEntry(file: InputFile, entry: EntryPlace, budget: ExpansionBudget): AsyncGenerator<Buffer> {
  const compressed = file.stream(entry.dataOffset, entry.compressedBytes)
  const source: Inflated =
    entry.method === 0 ? { pieces: compressed, consumedBytes: () => entry.compressedBytes } : inflate(compressed)
  let sum = 0
  let expandedBytes = 0
  try {
    for await (const piece of source.pieces) {
      expandedBytes += piece.length
      budget.count(entry.index, entry.name, entry.compressedBytes, expandedBytes)
      // Past the promised size nothing is given on, only counted, to tell a bomb from a wrong figure.
      if (expandedBytes > entry.expandedBytes) continue
      sum = crc32(piece, sum)
      yield piece
    }
  } catch (error) {
    if (isInflateError(error)) throw new ArchiveDamage({ kind: 'dataDamaged', entry: entry.name }, { cause: error })
    throw error
  }
  if (expandedBytes !== entry.expandedBytes || source.consumedBytes() !== entry.compressedBytes) {
    throw new ArchiveDamage({ kind: 'sizeDiffers', entry: entry.name })
  }
  if (sum !== entry.crc32) throw new ArchiveDamage({ kind: 'checksumDiffers', entry: entry.name })
}
