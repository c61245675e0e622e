import { CsvReader } from '../../kit/csv/csv-reader.ts'
import type { CsvLimits } from '../../kit/csv/csv-reader.ts'
import type { LateFinding } from '../relations/relation-checks.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { PackageFile } from '../package/open-package.ts'
import { PackageDamage } from '../package/package-damage.ts'
import type { FileCheck } from './file-check.ts'
import type { OpenedText } from './open-text.ts'
import { readId } from './row-reading.ts'

/** A file that has been read once. */
export type ReadFile = {
  readonly file: PackageFile
  readonly text: OpenedText
  readonly check: FileCheck
}

/**
 * Reads the file once more to learn which ids the late findings speak of; `tell` gets them in the order of lines.
 * What the file was found to be the first time, it is still: nothing is checked again.
 */
export async function tellLateFindings(
  { text, check }: ReadFile,
  late: readonly LateFinding[],
  limits: CsvLimits,
  tell: (finding: LateFinding, sourcedId: string | undefined) => void,
): Promise<void> {
  const byLine = [...late].sort((a, b) => a.line - b.line)
  let next = 0
  const reader = new CsvReader(
    {
      row(row: RowView) {
        for (let found = byLine[next]; found !== undefined && found.line <= row.line; found = byLine[next]) {
          tell(found, found.line === row.line ? readId(row, check.idCell) : undefined)
          next++
        }
        if (next === byLine.length) reader.stop()
      },
      fault: () => undefined,
    },
    limits,
  )
  try {
    for await (const block of text.stream()) {
      reader.push(block)
      if (reader.isStopped) break
    }
    reader.end()
  } catch (error) {
    // Damage was told at the first reading; the findings on what comes behind it are told without an id.
    if (!(error instanceof PackageDamage)) throw error
  }
  for (const found of byLine.slice(next)) tell(found, undefined)
}
