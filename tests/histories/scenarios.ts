import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import type { BuiltPlan, CaseActivities, HeldRun, ImportActivities } from '../../activities/interface.ts'
import type { RunStatus } from '../../workflows/messages.ts'
import { closeWithCases, standInCases } from '../workflows/resolution/stand-in-cases.ts'
import { metLimit, noActions, someActions, type Calls } from '../workflows/stand-in-activities.ts'
import type { RunHandle, StartOptions } from '../workflows/workflow-rig.ts'

/**
 * One way in which a run can go. Recorded once per release, replayed for ever: a run that waits for a person may be
 * older than the code that wakes it.
 */
export type Scenario = {
  readonly name: string
  readonly activities: (calls: Calls) => Partial<ImportActivities>
  readonly cases?: () => CaseActivities
  readonly options?: StartOptions
  /** What people do meanwhile. */
  readonly story?: (handle: RunHandle, calls: Calls) => Promise<void>
  readonly isFailing?: true
}

const held: BuiltPlan = { actions: someActions, metLimits: [metLimit(76)], keptBack: 'deactivations' }
const allHeld: BuiltPlan = { actions: someActions, metLimits: [metLimit(900, 'updates')], keptBack: 'all' }
const opened = { isTest: false, approveHold: false, isUnchanged: false, heartbeatMs: 30_000 }
const buildHeld = () => Promise.resolve(held)
const cancellation = { by: 'operator-7', reason: 'wrong file' }
const approval = { decision: 'approve', by: 'operator-7' } as const
const gone: HeldRun = { runId: '0198a000-0000-7000-8000-00000000dead', workflowId: 'import/nowhere/students/gone' }

export const scenarios: readonly Scenario[] = [
  { name: 'applied', activities: () => ({}) },
  { name: 'applied-and-announced', activities: () => ({}) },
  {
    name: 'held-and-announced',
    activities: () => ({ buildPlan: buildHeld }),
    story: async (handle) => {
      await whenHeld(handle)
      await handle.signal('decideHold', approval)
    },
  },
  {
    name: 'applied-and-opening-an-undo-window',
    activities: () => ({
      closeRun: () => Promise.resolve({ state: 'completed', undoUntil: '2026-01-01T00:00:00.000Z' }),
    }),
  },
  {
    name: 'applied-and-decided-by-update-and-signal',
    activities: () => ({ closeRun: closeWithCases }),
    cases: () => standInCases(),
    options: { timings: { casesPollMs: 300 } },
    story: async (handle) => {
      const decisions = [{ caseId: gone.runId, action: 'create' as const }]
      await handle.executeUpdate('resolveDuplicates', { args: [{ decisions, by: 'operator-7' }] })
      await handle.signal('resolveDuplicates', { decisions: 'all', by: 'operator-7' })
      await handle.signal('processUpdates', { by: 'operator-7' })
    },
  },
  {
    name: 'resolution',
    activities: () => ({
      openRun: () =>
        Promise.resolve({
          ...{ isTest: false, approveHold: true, isUnchanged: false, heartbeatMs: 30_000 },
          isResolution: true,
        }),
    }),
  },
  {
    name: 'unchanged',
    activities: () => ({
      openRun: () => Promise.resolve({ isTest: false, approveHold: false, isUnchanged: true, heartbeatMs: 30_000 }),
    }),
  },
  {
    name: 'tested',
    activities: () => ({
      openRun: () => Promise.resolve({ isTest: true, approveHold: false, isUnchanged: false, heartbeatMs: 30_000 }),
      buildPlan: buildHeld,
    }),
  },
  {
    name: 'held-and-approved-by-signal',
    activities: () => ({ buildPlan: buildHeld }),
    story: async (handle) => {
      await whenHeld(handle)
      await handle.signal('decideHold', approval)
    },
  },
  {
    name: 'held-and-discarded-by-update',
    activities: () => ({ buildPlan: () => Promise.resolve(allHeld) }),
    story: async (handle) => {
      await whenHeld(handle)
      await handle.executeUpdate('decideHold', { args: [{ decision: 'discard', by: 'operator-7' }] })
    },
  },
  {
    name: 'held-after-useless-messages',
    activities: () => ({ buildPlan: buildHeld }),
    story: async (handle) => {
      await whenHeld(handle)
      await handle.signal('decidehold', approval)
      await handle.signal('decideHold', { decision: 'maybe' })
      await handle.signal('decideHold', approval)
    },
  },
  {
    name: 'held-until-time-was-over',
    activities: () => ({ buildPlan: buildHeld }),
    options: { timings: { reviewMs: 200 } },
  },
  {
    name: 'held-and-superseded',
    activities: () => ({ buildPlan: buildHeld }),
    story: async (handle) => {
      await whenHeld(handle)
      await handle.signal('superseded', { runId: gone.runId })
    },
  },
  {
    name: 'superseded-when-opened',
    activities: () => ({ openRun: () => Promise.resolve({ ...opened, supersededBy: gone.runId }) }),
  },
  {
    name: 'superseded-when-held',
    activities: () => ({ buildPlan: buildHeld, holdForReview: () => Promise.resolve({ supersededBy: gone.runId }) }),
  },
  {
    name: 'waiting-for-an-undo-and-an-older-run',
    activities: () => {
      let opens = 0
      let applies = 0
      return {
        openRun: () => Promise.resolve({ ...opened, ...(++opens === 1 && { waitsFor: gone.runId }) }),
        applyPlan: () =>
          Promise.resolve(
            ++applies === 1 ? { kind: 'waits', forRunId: gone.runId } : { kind: 'applied', actions: someActions },
          ),
      }
    },
  },
  {
    name: 'superseding-a-run-that-is-gone',
    activities: () => ({ listOlderHeldRuns: () => Promise.resolve([gone]) }),
  },
  {
    name: 'stale-and-planned-again',
    activities: () => {
      let applies = 0
      return {
        applyPlan: () => {
          applies += 1
          return Promise.resolve(applies === 1 ? { kind: 'stale' } : { kind: 'applied', actions: someActions })
        },
      }
    },
  },
  {
    name: 'cancelled-while-reading',
    activities: () => ({ stageRun: untilCancelled }),
    story: async (handle, calls) => {
      await whenCalled(calls, 'stageRun')
      await handle.executeUpdate('cancelRun', { args: [cancellation] })
    },
  },
  {
    name: 'cancelled-while-held',
    activities: () => ({ buildPlan: buildHeld }),
    story: async (handle) => {
      await whenHeld(handle)
      await handle.signal('cancelRun', cancellation)
    },
  },
  {
    name: 'cancelled-while-applying',
    activities: () => ({
      applyPlan: async () => {
        await untilCancelled().catch(() => undefined)
        return { kind: 'stopped', actions: { ...noActions, create: 2 } }
      },
    }),
    story: async (handle, calls) => {
      await whenCalled(calls, 'applyPlan:all')
      await handle.signal('cancelRun', cancellation)
    },
  },
  {
    name: 'retried-and-failed',
    activities: () => {
      let tries = 0
      return {
        stageRun: () => {
          tries += 1
          if (tries === 1) throw ApplicationFailure.retryable('The database did not answer.', 'DATABASE_UNAVAILABLE')
          throw ApplicationFailure.nonRetryable('The archived input is no longer kept.', 'INPUT_MISSING')
        },
      }
    },
    isFailing: true,
  },
]

async function whenHeld(handle: RunHandle): Promise<void> {
  while ((await handle.query<RunStatus>('status')).state !== 'held') await pause()
}

async function whenCalled(calls: Calls, name: string): Promise<void> {
  while (!calls.includes(name)) await pause()
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}

async function untilCancelled(): Promise<never> {
  const context = Context.current()
  const beat = setInterval(() => context.heartbeat(), 20)
  try {
    return await context.cancelled
  } finally {
    clearInterval(beat)
  }
}
