import { CsvReader } from '../../kit/csv/csv-reader.ts'
import type { CsvLimits } from '../../kit/csv/csv-reader.ts'
import type { FileCheck } from './file-check.ts'
import type { OpenedText } from './open-text.ts'

/**
 * Reads a file once more where rows of one id came with different values, to tell one record in several rows from rows
 * that contradict each other. A file without such rows, which is nearly every one, is not read again. `drain` is
 * awaited after every block. Throws what the stream and `drain` throw.
 */
export async function settleSplits(
  check: FileCheck,
  text: OpenedText,
  limits: CsvLimits,
  drain: () => Promise<void>,
): Promise<void> {
  const splits = check.findSplits()
  if (splits === undefined) return
  for (let pass = 0; pass < splits.passCount; pass++) {
    splits.beginPass(pass)
    let isHeader = true
    const reader = new CsvReader(
      {
        row(row) {
          const normal = check.reread(row)
          if (normal === undefined) return
          if (!isHeader) splits.row(normal, check.rejectedLines.has(row.line))
          isHeader = false
        },
        // Told at the first reading.
        fault: () => undefined,
      },
      limits,
    )
    for await (const block of text.stream()) {
      reader.push(block)
      await drain()
    }
    reader.end()
    splits.endPass()
    await drain()
  }
}
