import type { FindingCounts } from '../../domain/import-rules/finding.ts'
import type { MetLimit } from '../../domain/plan/met-limit.ts'
import type { ActionCounts } from '../../domain/plan/plan-action.ts'
import { adviseOn, describeTrouble, type RunTrouble } from '../../domain/run-trouble.ts'
import { describeScope } from '../../domain/plan/describe-scope.ts'
import { describeRunState, isOver, type RunState, type ShownRun } from '../../domain/import-run.ts'

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
  /** Of a run that was refused, cancelled or failed. */
  failure: ShownRun['failure']
  /** What the watchdog has seen of the step at hand. */
  trouble: RunTrouble | undefined
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
    failure: null,
    trouble: undefined,
    ignoredMessages: [],
  }
}

const maxNamedLimits = 20

/** Markdown for people: state, counts, what to do next. At most some 5 kB, the limit being 20. */
export function describeRun(progress: RunProgress): string {
  const { rowsRead, findings, planned, applied, reason, ignoredMessages } = progress
  const { state, failure, trouble } = progress
  const lines = [`**${describeRunState({ state, failure, undoOf: null })}** · ${progress.step}`]
  if (reason !== undefined) lines.push(`Reason: ${reason}`)
  if (trouble !== undefined) {
    lines.push(`**Does not get on** · ${describeTrouble(trouble)}`, `What to do: ${adviseOn(trouble.code)}.`)
  }
  if (rowsRead !== undefined) lines.push(`Rows read: ${rowsRead}`)
  if (findings !== undefined) {
    lines.push(
      `Findings: ${findings.block} block, ${findings.error} error, ${findings.warning} warning, ${findings.info} info`,
    )
  }
  if (planned !== undefined) lines.push(`Planned: ${describeActions(planned)}`)
  if (applied !== undefined) lines.push(`${isOver(state) ? 'Applied' : 'Applied so far'}: ${describeApplied(applied)}`)
  if (progress.state === 'held') lines.push(...describeHold(progress))
  if (ignoredMessages.length > 0) {
    lines.push('Messages that could not be used:', ...ignoredMessages.map((message) => `- ${message}`))
  }
  return lines.join('\n\n')
}

function describeActions(actions: ActionCounts): string {
  return [
    `${actions.create} to create`,
    `${actions.update} to update`,
    `${actions.deactivate} to deactivate`,
    `${actions.reactivate} to reactivate`,
    `${actions.unchanged} unchanged`,
    `${actions.skip} skipped`,
  ].join(', ')
}

function describeApplied(actions: ActionCounts): string {
  return [
    `${actions.create} created`,
    `${actions.update} updated`,
    `${actions.deactivate} made inactive`,
    `${actions.reactivate} made active again`,
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

function describeLimit(met: MetLimit): string {
  const { limit, value, max, count } = met
  const where = describeScope(met)
  // An absolute number, and not a share of the records.
  const records = `${count} ${count === 1 ? 'record' : 'records'}`
  if (max >= 1 && value === count) return `- ${limit}, ${where}: ${records}`
  return `- ${limit}, ${where}: ${records}, ${percent(value)} (limit ${percent(max)})`
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
