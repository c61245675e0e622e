import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { ProcessedCases } from '../activities/interface.ts'
import type { CaseAction, CaseDecision, DecidedCases } from '../domain/duplicate-case.ts'
import type { MetLimit } from '../domain/plan/met-limit.ts'
import { controlCharacter } from '../domain/control-characters.ts'
import type { RunState } from '../domain/import-run.ts'
import { troubleSignal, type RunTrouble } from '../domain/run-trouble.ts'

/**
 * What may be said to a run (docs/reference/contract.md): one JSON object each, ids and decisions only. By
 * signal it is always accepted and judged when read; by update it is judged first and answered.
 */
export type DecideHold = { readonly decision: 'approve' | 'discard'; readonly by: string }
export type CancelRun = { readonly by: string; readonly reason: string }
export type ResolveDuplicates = { readonly decisions: readonly CaseDecision[]; readonly by: string }
export type ProcessUpdates = { readonly by: string }
/** Sent by the workflow of a newer run that takes this one's place. */
export type Superseded = { readonly runId: string }

/** Sent by the watchdog; null: the step gets on again. */
export type StepTrouble = { readonly trouble: RunTrouble | null }

/** Said to the undo window of a run, `undo/{runId}`. */
export type RequestUndo = { readonly by: string; readonly reason: string }
/** The run that the undo is; it may be under way already. */
export type UndoAnswer = { readonly runId: string; readonly undoRunId: string }

export type MessageAnswer = { readonly runId: string; readonly isAccepted: true }
export type ResolveAnswer = MessageAnswer & DecidedCases
/** `runIds`: the runs that carry out what was decided. */
export type ProcessAnswer = MessageAnswer & ProcessedCases

/** Answer to the query `status`. */
export type RunStatus = {
  readonly runId: string
  readonly state: RunState
  /** What is happening and what to do next, in words. */
  readonly details: string
  readonly metLimits: readonly MetLimit[]
  /** When a held run is discarded if nobody decides; ISO 8601. */
  readonly reviewUntil: string | null
  /** Messages that could not be used, and why; the newest last. */
  readonly ignoredMessages: readonly string[]
}

export type UndoWindowState = 'open' | 'undoing' | 'closed'

/** Answer of an undo window to the query `status`. */
export type UndoWindowStatus = {
  readonly runId: string
  readonly state: UndoWindowState
  /** ISO 8601. */
  readonly undoUntil: string
  /** The last undo that was begun. */
  readonly undoRunId: string | null
  readonly details: string
  readonly ignoredMessages: readonly string[]
}

/** What a run says to the import set that it is part of: it is over, or waits for a person. */
export type RunSettled = { readonly runId: string }
export const runSettledSignal = defineSignal<[RunSettled]>('runSettled')

export const decideHoldSignal = defineSignal<[DecideHold]>('decideHold')
export const decideHoldUpdate = defineUpdate<MessageAnswer, [DecideHold]>('decideHold')
export const cancelRunSignal = defineSignal<[CancelRun]>('cancelRun')
export const cancelRunUpdate = defineUpdate<MessageAnswer, [CancelRun]>('cancelRun')
export const resolveDuplicatesSignal = defineSignal<[ResolveDuplicates]>('resolveDuplicates')
export const resolveDuplicatesUpdate = defineUpdate<ResolveAnswer, [ResolveDuplicates]>('resolveDuplicates')
export const processUpdatesSignal = defineSignal<[ProcessUpdates]>('processUpdates')
export const processUpdatesUpdate = defineUpdate<ProcessAnswer, [ProcessUpdates]>('processUpdates')
export const supersededSignal = defineSignal<[Superseded]>('superseded')
export const stepTroubleSignal = defineSignal<[StepTrouble]>(troubleSignal)
export const statusQuery = defineQuery<RunStatus>('status')
export const requestUndoSignal = defineSignal<[RequestUndo]>('requestUndo')
export const requestUndoUpdate = defineUpdate<UndoAnswer, [RequestUndo]>('requestUndo')
export const undoStatusQuery = defineQuery<UndoWindowStatus>('status')

const maxTextLength = 500

/** What is wrong with a `decideHold` argument; undefined when nothing is. Anybody can send anything by signal. */
export function checkDecideHold(argument: unknown): string | undefined {
  if (!isObject(argument)) return 'the argument must be one JSON object'
  if (argument['decision'] !== 'approve' && argument['decision'] !== 'discard') {
    return '"decision" must be "approve" or "discard"'
  }
  return checkText(argument, 'by')
}

export function checkCancelRun(argument: unknown): string | undefined {
  if (!isObject(argument)) return 'the argument must be one JSON object'
  return checkText(argument, 'by') ?? checkText(argument, 'reason')
}

const maxDecisions = 1000
/** Spelled out: a workflow takes types from there alone, and the type sees to it that none is missing. */
const knownActions: Readonly<Record<CaseAction, true>> = {
  match: true,
  create: true,
  exchange: true,
  leave: true,
  cancel: true,
}

export function checkResolveDuplicates(argument: unknown): string | undefined {
  if (!isObject(argument)) return 'the argument must be one JSON object'
  const { decisions } = argument
  if (!Array.isArray(decisions) || decisions.length === 0) return '"decisions" must be a list that is not empty'
  if (decisions.length > maxDecisions) return `"decisions" must have at most ${maxDecisions} entries; send several`
  for (const decision of decisions) {
    const problem = checkDecision(decision)
    if (problem !== undefined) return `"decisions": ${problem}`
  }
  return checkText(argument, 'by')
}

function checkDecision(decision: unknown): string | undefined {
  if (!isObject(decision)) return 'each must be a JSON object'
  const { action, recordId } = decision
  if (typeof action !== 'string' || !Object.hasOwn(knownActions, action)) {
    return '"action" must be "match", "create", "exchange", "leave" or "cancel"'
  }
  if (recordId !== undefined && typeof recordId !== 'string') return '"recordId" must be a text'
  if (action === 'match' && recordId === undefined) return '"recordId" is missing: a match names one of the candidates'
  return checkText(decision, 'caseId')
}

export function checkProcessUpdates(argument: unknown): string | undefined {
  if (!isObject(argument)) return 'the argument must be one JSON object'
  return checkText(argument, 'by')
}

export function checkRequestUndo(argument: unknown): string | undefined {
  if (!isObject(argument)) return 'the argument must be one JSON object'
  return checkText(argument, 'by') ?? checkText(argument, 'reason')
}

export function checkSuperseded(argument: unknown): string | undefined {
  if (!isObject(argument)) return 'the argument must be one JSON object'
  return checkText(argument, 'runId')
}

/** What a `stepTrouble` argument says; undefined where it is none of ours. */
export function readStepTrouble(argument: unknown): RunTrouble | null | undefined {
  if (!isObject(argument)) return undefined
  const { trouble } = argument
  if (trouble === null) return null
  if (!isObject(trouble)) return undefined
  const { step, attempts, code, detail, nextTryAt } = trouble
  const isTold = typeof step === 'string' && typeof code === 'string' && typeof detail === 'string'
  if (!isTold || typeof attempts !== 'number') return undefined
  return {
    step,
    attempts,
    code,
    detail: detail.slice(0, maxTextLength),
    nextTryAt: typeof nextTryAt === 'string' ? nextTryAt : null,
  }
}

function checkText(argument: Record<string, unknown>, key: string): string | undefined {
  const value = argument[key]
  if (typeof value !== 'string' || value.trim() === '') return `"${key}" must be a text that is not empty`
  if (value.length > maxTextLength) return `"${key}" must have at most ${maxTextLength} characters`
  return controlCharacter.test(value) ? `"${key}" has a control character in it; leave it out` : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
