import type { ActionCounts, FindingCounts, MetLimit } from '../activities/interface.ts'
import { runStatusText, type RunState } from '../domain/import-run.ts'

/** What a run knows about itself while it goes; the text of Temporal's "current details" is made from it. */
export type RunProgress = {
  state: RunState
  /** What is being done just now, in a few words. */
  step: string
  rowsRead: number | undefined
  findings: FindingCounts | undefined
  planned: ActionCounts | undefined
  metLimits: readonly MetLimit[]
  applied: ActionCounts | undefined
  /** When a held run is discarded if nobody decides; ISO 8601. */
  reviewUntil: string | undefined
  /** Why it ended as it did, where the state alone does not say. */
  reason: string | undefined
  /** Messages that could not be used, and why; the newest last. */
  readonly ignoredMessages: string[]
}

export function startedProgress(): RunProgress {
  return {
    state: 'queued',
    step: 'Opening the run',
    rowsRead: undefined,
    findings: undefined,
    planned: undefined,
    metLimits: [],
    applied: undefined,
    reviewUntil: undefined,
    reason: undefined,
    ignoredMessages: [],
  }
}

const maxNamedLimits = 20

/** Markdown for people: state, counts, what to do next. At most some 5 kB, the limit being 20. */
export function describeRun(progress: RunProgress): string {
  const { rowsRead, findings, planned, applied, reason, ignoredMessages } = progress
  const lines = [`**${runStatusText[progress.state]}** · ${progress.step}`]
  if (reason !== undefined) lines.push(`Reason: ${reason}`)
  if (rowsRead !== undefined) lines.push(`Rows read: ${rowsRead}`)
  if (findings !== undefined) {
    lines.push(
      `Findings: ${findings.block} block, ${findings.error} error, ${findings.warning} warning, ${findings.info} info`,
    )
  }
  if (planned !== undefined) lines.push(`Planned: ${describeActions(planned)}`)
  if (applied !== undefined) lines.push(`Applied so far: ${describeActions(applied)}`)
  if (progress.state === 'held') lines.push(...describeHold(progress))
  if (ignoredMessages.length > 0) {
    lines.push('Messages that could not be used:', ...ignoredMessages.map((message) => `- ${message}`))
  }
  return lines.join('\n\n')
}

export function describeActions(actions: ActionCounts): string {
  return [
    `${actions.create} to create`,
    `${actions.update} to update`,
    `${actions.deactivate} to deactivate`,
    `${actions.reactivate} to reactivate`,
    `${actions.unchanged} unchanged`,
    `${actions.skip} skipped`,
  ].join(', ')
}

function describeHold({ metLimits, reviewUntil }: RunProgress): string[] {
  const limits = metLimits.slice(0, maxNamedLimits).map(describeLimit)
  if (metLimits.length > maxNamedLimits) limits.push(`- and ${metLimits.length - maxNamedLimits} more`)
  return [
    'Safety limits met:',
    ...limits,
    'What to do: look at the plan (`rollbook run plan <runId>`), then send the signal or update `decideHold` with',
    '`{"decision":"approve","by":"<who decides>"}` or `{"decision":"discard","by":"<who decides>"}`.',
    ...(reviewUntil === undefined ? [] : [`Without an answer the run is discarded at ${reviewUntil}.`]),
  ]
}

function describeLimit({ limit, scope, schoolId, value, max, count }: MetLimit): string {
  const where = scope === 'district' ? 'whole district' : `school ${schoolId ?? ''}`
  // An absolute number, and not a share of the records.
  if (max >= 1 && value === count) return `- ${limit}, ${where}: ${count} records`
  return `- ${limit}, ${where}: ${count} records, ${percent(value)} (limit ${percent(max)})`
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
