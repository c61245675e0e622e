import { z } from '@hono/zod-openapi'
import { Refusal } from '../failures.ts'

/** A cursor is the key of the last item of a page, opaque to the caller so that the key may change. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The key in a cursor; undefined without one. Throws a Refusal for what this API did not give out. */
export function parseCursor(cursor: string | undefined): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(key) && key.every(isPart)) return key
  } catch {
    // Told below, together with what parsed but is no key.
  }
  throw new Refusal('REQUEST_INVALID', 'The cursor is not one that this list gave; begin again without it.')
}

/** The cursor of a list ordered by one whole number; -1 before the first. */
export function parseSeqCursor(cursor: string | undefined): number {
  const seq = parseCursor(cursor)?.[0] ?? -1
  if (typeof seq === 'number' && Number.isSafeInteger(seq)) return seq
  throw new Refusal('REQUEST_INVALID', 'The cursor belongs to another list.')
}

/** The cursor of a list that goes on after an id, which stands at this place of the key; undefined without one. */
export function parseIdCursor(cursor: string | undefined, at = 0): string | undefined {
  const id = parseCursor(cursor)?.[at]
  if (id === undefined || (typeof id === 'string' && z.uuid().safeParse(id).success)) return id
  throw new Refusal('REQUEST_INVALID', 'The cursor belongs to another list.')
}

/** U+0000 is in no key, and PostgreSQL does not take it for text. */
function isPart(part: unknown): part is string | number {
  return typeof part === 'number' || (typeof part === 'string' && !part.includes('\0'))
}
