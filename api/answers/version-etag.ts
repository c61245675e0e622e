import { Refusal } from '../failures.ts'

/** The ETag of what has a version. */
export function formatEtag(version: number): string {
  return `"${version}"`
}

/**
 * The version that an If-Match header names; 'any' for `*`. Throws a Refusal without the header, and for what is no ETag
 * of ours.
 */
export function parseIfMatch(header: string | undefined): number | 'any' {
  if (header === undefined) {
    throw new Refusal(
      'CONDITION_MISSING',
      'Send If-Match with the ETag that reading it gave, so that nobody is overwritten.',
    )
  }
  if (header.trim() === '*') return 'any'
  const version = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(header)?.[1]
  if (version === undefined) throw new Refusal('REQUEST_INVALID', 'If-Match is no ETag that reading it gave.')
  return Number(version)
}
