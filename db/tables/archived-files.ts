import type { Generated } from 'kysely'
import type { JsonWithDefault } from './json.ts'

export type ArchivedFiles = {
  id: Generated<string>
  districtId: string
  name: string
  sha256: string | null
  bytes: Generated<number>
  isComplete: Generated<boolean>
  createdAt: Generated<Date>
  /** When it came, came again, or was taken for another run. */
  wantedAt: Generated<Date>
  /** The run whose input it is to become, until the last of its parts is kept; null of a file that came whole. */
  fetchingRunId: string | null
}

export type ArchivedFileChunks = {
  districtId: string
  fileId: string
  chunkNo: number
  data: Buffer
}

/** A page of an input that came in pages: the chunks of the file from `firstChunk` on. */
export type InputParts = {
  districtId: string
  fileId: string
  partNo: number
  collection: string
  name: string
  next: string | null
  facts: JsonWithDefault<Readonly<Record<string, string>>>
  firstChunk: number
  bytes: number
  sha256: string
  keptAt: Generated<Date>
}
