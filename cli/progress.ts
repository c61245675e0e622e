import type { SingleBar } from 'cli-progress'
import type { RunDocument } from '../api/contract/run.ts'
import { describeTrouble } from '../domain/run-trouble.ts'
import { formatCount, say } from './print.ts'

/** Shows people on standard error how far a run is. `end` may be called more than once. */
export interface ProgressReporter {
  report(run: RunDocument): void
  note(text: string): void
  end(): void
}

const plainLineEveryMs = 3000

/** A bar where standard error is a terminal, otherwise a plain line every few seconds. */
export async function createProgress(): Promise<ProgressReporter> {
  return withRowRate(process.stderr.isTTY ? await createBar() : createPlainLines())
}

export function createPlainLines(write: (text: string) => void = say, now = () => performance.now()): ProgressReporter {
  let lastLine = ''
  // The first line waits as well: most runs end before there is anything to tell.
  let lastAt = now()
  const print = (text: string): void => {
    if (text === lastLine) return
    write(text)
    lastLine = text
    lastAt = now()
  }
  return {
    report(run) {
      if (now() - lastAt >= plainLineEveryMs) print(describeProgress(run))
    },
    note: print,
    end() {},
  }
}

/** Fills in rows a second, seen from here, where a stage does not say them itself. */
export function withRowRate(reporter: ProgressReporter, now = () => performance.now()): ProgressReporter {
  let first: { readonly stage: string; readonly rows: number; readonly atMs: number } | undefined
  return {
    ...reporter,
    report(run) {
      const { progress } = run
      if (progress === null || progress.rowsPerSecond !== null) {
        reporter.report(run)
        return
      }
      if (first?.stage !== progress.stage) first = { stage: progress.stage, rows: progress.rows, atMs: now() }
      const seconds = (now() - first.atMs) / 1000
      const rowsPerSecond = seconds > 0 ? (progress.rows - first.rows) / seconds : null
      reporter.report({ ...run, progress: { ...progress, rowsPerSecond } })
    },
  }
}

async function createBar(): Promise<ProgressReporter> {
  const { default: cliProgress } = await import('cli-progress')
  let bar: SingleBar | undefined
  const stopBar = (): void => {
    bar?.stop()
    bar = undefined
  }
  return {
    report(run) {
      const share = deriveShare(run)
      const payload = { text: describeProgress(run) }
      if (bar === undefined) {
        const format = '{bar} {text}'
        bar = new cliProgress.SingleBar({ format, hideCursor: true, barsize: 24 }, cliProgress.Presets.shades_classic)
        bar.start(1000, Math.round(share * 1000), payload)
      }
      bar.update(Math.round(share * 1000), payload)
    },
    note(text) {
      stopBar()
      say(text)
    },
    end: stopBar,
  }
}

/** Stage, rows, rows a second and what is left, as far as the run has said. */
export function describeProgress(run: RunDocument): string {
  const { progress, trouble } = run
  if (trouble) return `${run.statusText}: ${describeTrouble(trouble)}`
  if (progress === null || progress.stage === '') return run.statusText
  const parts = [`${run.statusText}: ${progress.stage}`]
  if (progress.rows > 0) {
    const total = progress.totalRows === null ? '' : ` of ${formatCount(progress.totalRows)}`
    parts.push(`${formatCount(progress.rows)}${total} ${progress.rows === 1 && total === '' ? 'row' : 'rows'}`)
  }
  if (progress.rowsPerSecond !== null && progress.rowsPerSecond > 0) {
    parts.push(`${formatCount(Math.round(progress.rowsPerSecond))} rows/s`)
  }
  const secondsLeft = estimateSecondsLeft(run)
  if (secondsLeft !== undefined) parts.push(`about ${formatCount(secondsLeft)} s left in this stage`)
  return parts.join(', ')
}

function deriveShare({ progress }: RunDocument): number {
  if (progress === null) return 0
  if (progress.totalRows !== null && progress.totalRows > 0) return Math.min(1, progress.rows / progress.totalRows)
  if (progress.bytes !== null && progress.totalBytes !== null && progress.totalBytes > 0) {
    return Math.min(1, progress.bytes / progress.totalBytes)
  }
  return 0
}

function estimateSecondsLeft(run: RunDocument): number | undefined {
  const { progress } = run
  const share = deriveShare(run)
  if (progress === null || progress.rowsPerSecond === null || progress.rowsPerSecond <= 0 || share <= 0)
    return undefined
  return Math.ceil((progress.rows / share - progress.rows) / progress.rowsPerSecond)
}
