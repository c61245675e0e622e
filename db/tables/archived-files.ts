import type { Generated } from 'kysely'

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
}

export type ArchivedFileChunks = {
  districtId: string
  fileId: string
  chunkNo: number
  data: Buffer
}
