import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { ChangedRefusal, Refusal } from '../failures.ts'

/** For the headers of a route that changes what others may have changed since; the reference tells of it. */
export const IfMatch = z.object({
  'if-match': z
    .string()
    .max(4000)
    .optional()
    .openapi({ description: 'The `ETag` that was read with what is to be changed, or `*` for whatever is there' }),
})

/** For the answer of a route that shows what can be changed with If-Match. */
export const ETag = z.object({
  etag: z.string().openapi({ description: 'Send it as `If-Match` with a change of what was read here' }),
})

/**
 * The ETag of a document: a short hash for each of its fields, so that whoever comes too late can be told which of them
 * changed. Equal for equal documents, in whatever order their fields stand.
 */
export function deriveETag(document: Readonly<Record<string, unknown>>): string {
  return `"${Object.entries(document)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}:${hashValue(value)}`)
    .sort()
    .join(',')}"`
}

/**
 * Refuses a change of what is no more as it was read. Called with what is there in the transaction that changes it, under
 * a lock that keeps others from it; `current` is undefined where nothing is there yet.
 * @throws ChangedRefusal with the fields that changed; Refusal CONDITION_MISSING where nothing was sent and `isRequired`.
 */
export function requireMatch(
  ifMatch: string | undefined,
  current: Readonly<Record<string, unknown>> | undefined,
  { isRequired = false }: { readonly isRequired?: boolean } = {},
): void {
  if (ifMatch === undefined) {
    if (!isRequired) return
    throw new Refusal('CONDITION_MISSING', 'Send the ETag that you read as If-Match, or `If-Match: *`.')
  }
  if (current === undefined) throw new ChangedRefusal('It is not there any more; nothing was done.', [])
  if (ifMatch.trim() === '*') return
  const now = deriveETag(current)
  const read: string[] = ifMatch.match(/"[^"]*"/g) ?? []
  if (read.includes(now)) return
  const changed = listChanged(read[0] ?? '', now)
  const words = changed.length === 0 ? 'Its ETag is another one' : `Changed since you read it: ${changed.join(', ')}`
  throw new ChangedRefusal(`${words}. Read it again; nothing was done.`, changed)
}

function listChanged(read: string, now: string): string[] {
  const [before, after] = [read, now].map((tag) => new Set(tag.slice(1, -1).split(','))) as [Set<string>, Set<string>] // two in, two out
  const parts = [...after].filter((part) => !before.has(part)).concat([...before].filter((part) => !after.has(part)))
  const known = new Set([...after].map((part) => part.split(':')[0] ?? ''))
  // What a caller made up as an ETag is not repeated to it.
  return [...new Set(parts.map((part) => part.split(':')[0] ?? ''))].filter((field) => known.has(field)).sort()
}

function hashValue(value: unknown): string {
  return createHash('sha256').update(toCanonical(value)).digest('base64url').slice(0, 11)
}

/** JSON with the fields of every object in order. */
function toCanonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}
