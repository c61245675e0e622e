import { Refusal } from './failures.ts'

/** A cursor is the key of the last item of a page, opaque to the caller so that the key may change. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The key in a cursor; undefined without one. Throws a Refusal for what this API did not give out. */
export function parseCursor(cursor: string | undefined): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(key) && key.every((part) => typeof part === 'string' || typeof part === 'number')) return key
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
