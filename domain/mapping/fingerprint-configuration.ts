import { Hash64 } from '../hash64.ts'
import type { ImportSettings } from '../plan/import-settings.ts'
import type { MappingDocument } from './mapping-document.ts'

/** What decides, besides the input, what its rows become. */
export type FingerprintedConfiguration = {
  readonly mapping: MappingDocument
  readonly settings: ImportSettings
  /** What of the connection's settings changes what an input says (`Connector.readingSettings`). */
  readonly reading: unknown
  /** That class years are derived in, by the calendar year of its end. */
  readonly academicYear: number
  /** Counts the changes of which school of the source is which of ours. */
  readonly schoolsVersion: number
}

/**
 * A number that stands for "the same source values give the same records". Held digests count only under the fingerprint they
 * were made with, and the same bytes are nothing new only under that of the last time. Signed 64-bit, as decimal text, because
 * that is what PostgreSQL's bigint takes.
 *
 * A setting is in it unless it says only when runs start, on which days they change nothing that is held, or what a person is
 * asked before: none of these changes what a row becomes.
 */
export function fingerprintConfiguration(configuration: FingerprintedConfiguration): string {
  const { mapping, reading, academicYear, schoolsVersion } = configuration
  const { schools } = configuration.settings
  const settings = {
    ...Object.fromEntries(Object.entries(configuration.settings).filter(([name]) => !leftOut.has(name))),
    schools: Array.isArray(schools) ? schools.toSorted() : schools,
  }
  const hash = new Hash64().reset()
  const parts = [mapping, settings, reading ?? null, academicYear, schoolsVersion]
  for (const part of parts) hash.text(canonicalJson(part)).separator()
  const { hi, lo } = hash.finish()
  return BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)).toString()
}

const leftOut: ReadonlySet<string> = new Set<keyof ImportSettings>([
  ...(['limits', 'questionBudgets', 'blackouts', 'additionsOnly'] as const),
])

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
