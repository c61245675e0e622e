import type { ImportActivities } from '../../activities/interface.ts'
import type { MetLimit } from '../../domain/plan/met-limit.ts'
import type { ActionCounts } from '../../domain/plan/plan-action.ts'
import type { RunState } from '../../domain/import-run.ts'

export const noActions: ActionCounts = { create: 0, update: 0, deactivate: 0, reactivate: 0, unchanged: 0, skip: 0 }
export const someActions: ActionCounts = { ...noActions, create: 3, update: 2, deactivate: 76 }

export function metLimit(count: number, limit: MetLimit['limit'] = 'deactivations'): MetLimit {
  return { limit, scope: 'district', schoolId: null, value: 0.42, max: 0.1, count }
}

/** One call of a stand-in, as `name` or `name:what`. */
export type Calls = string[]

/**
 * Stand-ins for the steps that touch the world: a run that goes through without a question, unless a test says
 * otherwise. What they were asked for lands in `calls`.
 */
export function standInActivities(calls: Calls, changed: Partial<ImportActivities> = {}): ImportActivities {
  const plain: ImportActivities = {
    openRun: () => Promise.resolve({ isTest: false, approveHold: false, isUnchanged: false, heartbeatMs: 30_000 }),
    stageRun: () =>
      Promise.resolve({
        isUsable: true,
        rowsRead: 180,
        stagedCount: 81,
        findings: { block: 0, error: 0, warning: 6, info: 0 },
      }),
    buildPlan: () => Promise.resolve({ actions: someActions, metLimits: [], keptBack: 'none' }),
    holdForReview: () => Promise.resolve({}),
    recordHoldDecision: () => Promise.resolve(),
    applyPlan: () => Promise.resolve({ kind: 'applied', actions: someActions }),
    listOlderHeldRuns: () => Promise.resolve([]),
    closeRun: ({ outcome }) => Promise.resolve({ state: finalStates[outcome.kind], undoUntil: null }),
  }
  const steps = { ...plain, ...changed }
  return {
    openRun: (run) => {
      calls.push('openRun')
      return steps.openRun(run)
    },
    stageRun: (run) => {
      calls.push('stageRun')
      return steps.stageRun(run)
    },
    buildPlan: (run) => {
      calls.push('buildPlan')
      return steps.buildPlan(run)
    },
    holdForReview: (request) => {
      calls.push('holdForReview')
      return steps.holdForReview(request)
    },
    recordHoldDecision: (request) => {
      calls.push(`recordHoldDecision:${request.decision}`)
      return steps.recordHoldDecision(request)
    },
    applyPlan: (request) => {
      calls.push(`applyPlan:${request.part}`)
      return steps.applyPlan(request)
    },
    listOlderHeldRuns: (run) => {
      calls.push('listOlderHeldRuns')
      return steps.listOlderHeldRuns(run)
    },
    closeRun: (request) => {
      calls.push(`closeRun:${request.outcome.kind}`)
      return steps.closeRun(request)
    },
  }
}

const finalStates: Readonly<Record<Parameters<ImportActivities['closeRun']>[0]['outcome']['kind'], RunState>> = {
  applied: 'completed',
  tested: 'tested',
  unchanged: 'unchanged',
  discarded: 'discarded',
  refused: 'cancelled',
  cancelled: 'cancelled',
  failed: 'cancelled',
}
