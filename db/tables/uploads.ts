import type { Generated } from 'kysely'

export type Uploads = {
  id: Generated<string>
  districtId: string
  name: string
  expectedBytes: number
  expectedSha256: string | null
  receivedBytes: Generated<number>
  /** Which sender may write: one whose connection nobody hears any more has an older number. */
  appendNo: Generated<number>
  /** Null once the archived file was removed. */
  fileId: string | null
  sha256: string | null
  createdBy: string
  createdAt: Generated<Date>
  touchedAt: Generated<Date>
  completedAt: Date | null
}
