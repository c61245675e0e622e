import type { ExtractReport, ExtractSink, SourceRecord } from '../../../connectors/connector.ts'
import { extract } from '../../../connectors/csv/extract.ts'
import { CsvSettings } from '../../../connectors/csv/settings.ts'
import { normalizeText } from '../../../domain/normalize-text.ts'
import type { Finding } from '../../../domain/import-rules/finding.ts'
import { inputOf, memoryFile } from '../../fixtures/memory-file.ts'

export type ReadTable = {
  readonly report: ExtractReport
  readonly findings: readonly Finding[]
  /** `id value …`, of the rows that are taken. */
  readonly taken: readonly string[]
  /** Lines of those that are set aside when they come. */
  readonly setAside: readonly number[]
}

type Options = {
  readonly settings?: unknown
  readonly columns?: readonly string[]
  readonly heldForms?: ReadonlySet<string> | undefined
  readonly limits?: Parameters<typeof extract>[2]
  /** In how many bytes the file is read. */
  readonly pieceBytes?: number
}

/** Reads a table as a run would, with the column `Student ID` for the id. */
export async function readTable(content: Buffer | string, options: Options = {}): Promise<ReadTable> {
  const { settings = {}, columns = ['Student ID', 'Homeroom'], heldForms = new Set(['99999']), pieceBytes } = options
  const file = memoryFile(Buffer.from(content), 'fields.csv', pieceBytes)
  const findings: Finding[] = []
  const taken: string[] = []
  const setAside: number[] = []
  const sink: ExtractSink = {
    org: () => undefined,
    record: (record: SourceRecord) => {
      if (record.presence !== 'active') setAside.push(record.line)
      else
        taken.push([record.key(), ...columns.slice(1).map((column) => normalizeText(record.value(column)))].join(' '))
    },
    replace: () => undefined,
    finding: (finding) => findings.push(finding),
    drain: () => Promise.resolve(),
  }
  const report = await extract(
    {
      settings: CsvSettings.parse(settings),
      dataType: 'students',
      input: inputOf(file),
      columns: { rows: columns },
      match: { column: columns[0] ?? '', heldForms },
      heldOrgs: [],
      today: '2026-11-22',
      signal: new AbortController().signal,
    },
    sink,
    options.limits,
  )
  return { report, findings, taken, setAside }
}
