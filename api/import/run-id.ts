import { createHash, randomBytes } from 'node:crypto'

/** A new run id: a UUID of version 7, so that ids sort by time. */
export function makeRunId(nowMs: number = Date.now()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(nowMs, 0, 6)
  return formatUuid(bytes, 7)
}

/**
 * The run id that follows from an idempotency key, so that a repeated request finds its run without a table of keys: a
 * UUID of version 8, which is for ids that follow from something of one's own.
 */
export function deriveRunId(parts: readonly string[]): string {
  return formatUuid(createHash('sha256').update(JSON.stringify(parts)).digest(), 8)
}

function formatUuid(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
