import { csvCellRules } from '../rules/csv/cell-rules.ts'
import type { CsvFault } from '../../kit/csv/csv-fault.ts'
import { faultRules } from '../rules/csv/fault-rules.ts'
import { noBlankLine, shapeRules } from '../rules/csv/shape-rules.ts'
import type { Finding, Profile } from '../../../domain/import-rules/finding.ts'
import { deriveManifest } from '../rules/manifest/manifest.ts'
import type { Manifest, ManifestRow } from '../rules/manifest/manifest.ts'
import { buildFindings } from '../rules/package/placed-problem.ts'
import type { PlacedProblem } from '../rules/package/placed-problem.ts'
import type { RuleEntry } from '../../../domain/import-rules/rule.ts'
import { CsvReader } from '../../kit/csv/csv-reader.ts'
import type { SourceEntry } from './package-source.ts'

/** A manifest has 25 short lines. */
const longestManifestBytes = 64 * 1024
const columns = ['propertyName', 'value']

export type ReadManifest = {
  /** Undefined when its bytes make no sense; the findings say why, and nothing can be asked of it. */
  readonly manifest: Manifest | undefined
  readonly findings: readonly Finding[]
}

/**
 * Reads manifest.csv with the reader of all files, so that the rules on CSV hold for it too. In the default profile
 * blanks around values are dropped and told (C-11); the strict one takes a value as it stands. Throws ArchiveDamage.
 */
export async function readManifest(entry: SourceEntry, fileName: string, profile: Profile): Promise<ReadManifest> {
  const findings: Finding[] = []
  const lines: ManifestRow[] = []
  const tell = (rule: RuleEntry, found: PlacedProblem): void => {
    findings.push(...buildFindings(rule, [{ ...found, file: fileName }], profile))
  }
  const reader = new CsvReader({
    row: (row) => {
      const raw = Array.from({ length: row.width }, (_, cell) => row.text(cell))
      if (raw.every((cell) => cell.trim() === '')) tellBlankLine(row.line, tell)
      else lines.push({ line: row.line, cells: profile === 'strict' ? raw : trimCells(raw, row.line, tell) })
    },
    fault: (fault) => {
      tellFault(fault, tell)
    },
  })
  let bytes = 0
  // Read to the end even when it is too long, so that its checksum is looked at.
  for await (const piece of entry.stream()) {
    bytes += piece.length
    if (bytes <= longestManifestBytes) reader.push(piece)
  }
  if (bytes > longestManifestBytes) {
    const notOne = { line: 1, cells: ['longer than any manifest'] }
    return { manifest: deriveManifest(fileName, [notOne]), findings: [] }
  }
  reader.end()
  return { manifest: reader.isStopped ? undefined : deriveManifest(fileName, lines), findings }
}

type Tell = (rule: RuleEntry, found: PlacedProblem) => void

function tellFault(fault: CsvFault, tell: Tell): void {
  for (const rule of faultRules) {
    const found = rule.check(fault)
    if (found !== undefined) tell(rule, { ...found, line: fault.line })
  }
}

function tellBlankLine(line: number, tell: Tell): void {
  const found = noBlankLine({ width: 1, headerWidth: columns.length, isSurplusBlank: true, isBlank: true })
  for (const rule of shapeRules) {
    if (rule.check === noBlankLine && found !== undefined) tell(rule, { ...found, line })
  }
}

function trimCells(raw: readonly string[], line: number, tell: Tell): string[] {
  return raw.map((cell, index) => {
    const value = cell.trim()
    const column = columns[index]
    if (value === cell || column === undefined) return value
    const place = { file: 'manifest', mode: 'bulk', version: '1.1', columnName: column, column: undefined } as const
    for (const rule of csvCellRules) {
      const found = rule.check({ place, raw: cell, value })
      if (found !== undefined) tell(rule, { ...found, line, column })
    }
    return value
  })
}
