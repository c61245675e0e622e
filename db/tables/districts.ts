import type { Generated } from 'kysely'
import type { JsonWithDefault, NullableJson } from './json.ts'

export type Districts = {
  id: Generated<string>
  slug: string
  name: string
  timeZone: string
  createdAt: Generated<Date>
}

export type ApiTokens = {
  id: Generated<string>
  tokenHash: Buffer
  name: string
  rights: string[]
  onlyDistrictId: string | null
  onlySchoolIds: string[] | null
  createdBy: Generated<string>
  createdAt: Generated<Date>
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
  revokedBy: string | null
}

export type AuditLog = {
  id: Generated<string>
  districtId: string
  at: Generated<Date>
  actor: string
  action: string
  subject: JsonWithDefault<Record<string, unknown>>
  actorId: string | null
  address: string | null
  requestId: string | null
  before: NullableJson<unknown>
  after: NullableJson<unknown>
}

export type AuditChain = { districtId: string; seq: number; entryId: string; hash: Buffer }

export type AuditHeads = { districtId: string; seq: number; hash: Buffer }
