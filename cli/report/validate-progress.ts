import type { SingleBar } from 'cli-progress'
import type { CheckProgress } from '../../connectors/oneroster-csv/check/check-package.ts'
import type { OpenedPackage } from '../../connectors/oneroster-csv/package/open-package.ts'
import { formatCount } from '../print.ts'

/** Shows how far a package is read. */
export interface ValidateProgress {
  report(progress: CheckProgress): void
  end(): void
}

const showEveryMs = 100

/** A bar over the bytes of all files where standard error is a terminal, else nothing: validation takes seconds. */
export async function createValidateProgress(opened: OpenedPackage): Promise<ValidateProgress> {
  if (!process.stderr.isTTY) return { report: () => undefined, end: () => undefined }
  const { default: cliProgress } = await import('cli-progress')
  const totalBytes = opened.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const format = '{bar} {percentage} %  {file}.csv  {rows} rows'
  const bar: SingleBar = new cliProgress.SingleBar(
    { format, hideCursor: true, barsize: 24, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  )
  bar.start(totalBytes, 0, { file: '', rows: '0' })
  let earlier = { bytes: 0, rows: 0 }
  let current: CheckProgress | undefined
  let lastAt = 0
  return {
    report(progress) {
      if (current !== undefined && current.file !== progress.file) {
        earlier = { bytes: earlier.bytes + current.bytesRead, rows: earlier.rows + current.rowsRead }
      }
      current = progress
      const now = performance.now()
      if (now - lastAt < showEveryMs) return
      lastAt = now
      const rows = formatCount(earlier.rows + progress.rowsRead)
      bar.update(earlier.bytes + progress.bytesRead, { file: progress.file, rows })
    },
    end() {
      bar.stop()
    },
  }
}
