import { Hash64 } from '../hash64.ts'
import type { MappingDocument } from './mapping-document.ts'

/**
 * A number that stands for "the same source values give the same records": the mapping document and the academic
 * year its class years are derived in, by the calendar year of its end. Held digests count only under the fingerprint they were made with. Signed
 * 64-bit, as decimal text, because that is what PostgreSQL's bigint takes.
 */
export function fingerprintMapping(document: MappingDocument, academicYear: number): string {
  return finish(new Hash64().reset().text(canonicalJson(document)).separator().text(String(academicYear)))
}

/**
 * The same number for a source whose schools nobody has matched, left out or chosen; another one for each change of these,
 * because it changes what a row becomes (`schoolsVersion` counts those of the matches).
 */
export function addSchools(
  fingerprint: string,
  { chosen, schoolsVersion }: { readonly chosen: 'all' | readonly string[]; readonly schoolsVersion: number },
): string {
  if (chosen === 'all' && schoolsVersion === 0) return fingerprint
  const named = chosen === 'all' ? 'all' : chosen.toSorted().join(',')
  return finish(new Hash64().reset().text(fingerprint).separator().text(named).separator().text(String(schoolsVersion)))
}

function finish(hashed: Hash64): string {
  const { hi, lo } = hashed.finish()
  return BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)).toString()
}

/** JSON with sorted keys: two documents that say the same give the same text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value)
}
