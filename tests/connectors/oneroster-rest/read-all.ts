import type { InputPart, KeptPart } from '../../../connectors/connector.ts'
import { oneRosterRest } from '../../../connectors/oneroster-rest/connector.ts'
import { OneRosterRestSettings } from '../../../connectors/oneroster-rest/settings.ts'
import { RollbookFailure } from '../../../domain/errors.ts'
import type { Finding } from '../../../domain/import-rules/finding.ts'
import { memoryFile } from '../../fixtures/memory-file.ts'

const signal = new AbortController().signal

type FetchOptions = { readonly attempts?: number; readonly changesSince?: Date }

/** Reads every page of a provider as a run does: what breaks off is tried again, and goes on behind what was kept. */
export async function fetchParts(
  settings: unknown,
  dataType: string,
  { attempts = 3, changesSince }: FetchOptions = {},
): Promise<InputPart[]> {
  const { intake } = oneRosterRest
  if (intake.kind !== 'pages') throw new Error('it reads pages')
  const kept: InputPart[] = []
  for (let attempt = 1; ; attempt++) {
    const request = {
      ...{ settings: OneRosterRestSettings.parse(settings), dataType, signal, kept: kept.map(keptOf) },
      surroundings: { mayReach: () => true },
      changesSince,
    }
    try {
      for await (const { content, ...part } of intake.pages(request)) {
        const pieces: Uint8Array[] = []
        for await (const piece of content) pieces.push(piece)
        kept.push({ ...part, file: memoryFile(Buffer.concat(pieces), part.name) })
      }
      return kept
    } catch (error) {
      if (!(error instanceof RollbookFailure) || error.code !== 'SOURCE_UNAVAILABLE' || attempt === attempts)
        throw error
    }
  }
}

function keptOf({ collection, name, next, facts }: KeptPart): KeptPart {
  return { collection, name, next, facts }
}

/** A page written by a test, the last of its collection unless told. */
export function partOf(
  collection: string,
  rows: readonly object[],
  facts: Record<string, string> = {},
  next: string | null = null,
): InputPart {
  const name = `${collection}.json`
  const file = memoryFile(Buffer.from(JSON.stringify({ [collection]: rows })), name)
  return { collection, name, next, facts: { total: String(rows.length), ...facts }, file }
}

/** What extraction gives: keys by what becomes of them, values of the columns that are mapped, findings. */
export async function extractParts(parts: readonly InputPart[], version: '1.1' | '1.2', dataType: string) {
  const records: { key: string; presence: string; values: Record<string, string> }[] = []
  const findings: Finding[] = []
  const collections = oneRosterRest.collections(dataType)
  const auth = { kind: 'bearer', token: 'x' }
  const report = await oneRosterRest.extract(
    {
      settings: OneRosterRestSettings.parse({ baseUrl: 'https://or.example.org', version, auth }),
      dataType,
      input: { parts, sizeBytes: 0 },
      columns: Object.fromEntries(collections.map(({ name, columns }) => [name, columns])),
      heldOrgs: [],
      today: '2026-11-22',
      signal,
    },
    {
      org: () => undefined,
      record: (record) => {
        if (record.collection !== collections[0]?.name) return
        const values = Object.fromEntries(collections[0].columns.map((column) => [column, record.value(column)]))
        records.push({ key: record.key(), presence: record.presence, values })
      },
      replace: () => undefined,
      finding: (finding) => findings.push(finding),
      drain: () => Promise.resolve(),
    },
  )
  const told = findings.map(({ rule, severity, file, column = '' }) => `${rule} ${severity} ${file} ${column}`.trim())
  return { report, records, findings, told, keys: records.map(({ key, presence }) => `${key} ${presence}`).sort() }
}
