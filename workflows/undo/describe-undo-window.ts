import type { UndoWindowState } from '../messages.ts'

/** What an undo window knows about itself. */
export type UndoProgress = {
  state: UndoWindowState
  /** ISO 8601. */
  readonly undoUntil: string
  /** What is being done, or was done last, in a few words. */
  step: string
  undoRunId: string | null
  /** Wishes that were refused, and why; the newest last. */
  ignoredMessages: readonly string[]
}

/** Markdown for people: state, until when, what to do. At most some 6 kB. */
export function describeUndoWindow(runId: string, progress: UndoProgress): string {
  const { state, undoUntil, step, undoRunId, ignoredMessages } = progress
  const lines = [`**Run ${runId}** · ${step}`]
  if (undoRunId !== null) lines.push(`Undo: run ${undoRunId}`)
  if (state === 'open' && undoRunId === null) {
    lines.push(
      `The run can be undone until ${undoUntil}.`,
      `What to do: look at what it would do (\`rollbook undo ${runId} --preview\`), then \`rollbook undo ${runId}\`, or`,
      'send the signal or update `requestUndo` with `{"by":"<who asks>","reason":"<why>"}`.',
    )
  }
  if (ignoredMessages.length > 0) {
    lines.push('Wishes that were refused:', ...ignoredMessages.map((message) => `- ${message}`))
  }
  return lines.join('\n\n')
}
