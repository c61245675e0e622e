import type { Generated } from 'kysely'

export type IdempotencyKeys = {
  callerHash: Buffer
  keyHash: Buffer
  requestHash: Buffer
  begunAt: Generated<Date>
  attempt: string
  /** Null while the first request is being answered. */
  status: number | null
  /** Sealed. */
  answer: Buffer | null
}
