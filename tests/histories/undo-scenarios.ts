import { ApplicationFailure } from '@temporalio/common'
import type { UndoActivities } from '../../activities/interface.ts'
import type { Calls } from '../workflows/stand-in-activities.ts'
import { closedUndo, undoRunId, type WindowHandle } from '../workflows/undo/undo-rig.ts'

/** One way in which an undo window can go, recorded and replayed as those of scenarios.ts are. */
export type UndoScenario = {
  readonly name: string
  readonly activities?: () => Partial<UndoActivities>
  readonly story?: (handle: WindowHandle, calls: Calls) => Promise<void>
}

const wish = { by: 'operator-7', reason: 'wrong file' }
const refused = { kind: 'refused', reason: 'it was undone already' } as const

export const undoScenarios: readonly UndoScenario[] = [
  { name: 'undo-window-over' },
  {
    name: 'undo-asked-for-by-update',
    story: async (handle) => {
      await handle.executeUpdate('requestUndo', { args: [wish] })
    },
  },
  { name: 'undo-asked-for-by-signal', story: (handle) => handle.signal('requestUndo', wish) },
  {
    name: 'undo-refused',
    activities: () => ({ openUndo: () => Promise.resolve(refused) }),
    story: async (handle) => {
      await handle.signal('requestUndo', wish)
      await handle.executeUpdate('requestUndo', { args: [wish] }).catch(() => undefined)
    },
  },
  {
    name: 'undo-failed-and-asked-for-again',
    activities: () => {
      let tries = 0
      return {
        carryOutUndo: () => {
          tries += 1
          if (tries === 1) throw ApplicationFailure.nonRetryable('An unforeseen error.', 'INTERNAL_ERROR')
          return Promise.resolve({ obstacle: null })
        },
      }
    },
    story: async (handle, calls) => {
      await handle.executeUpdate('requestUndo', { args: [wish] })
      while (!calls.includes('closeUndo:failed')) await new Promise((resolve) => setTimeout(resolve, 20))
      await handle.executeUpdate('requestUndo', { args: [wish] })
    },
  },
  {
    name: 'undo-opening-its-own-window',
    activities: () => ({
      closeUndo: () => Promise.resolve({ ...closedUndo, undoUntil: '2026-01-01T00:00:00.000Z' }),
    }),
    story: (handle) => handle.signal('requestUndo', wish),
  },
  {
    name: 'undo-window-over-while-taken-back-with-others',
    activities: () => {
      let asked = 0
      return {
        purgeJournal: () => {
          asked += 1
          return Promise.resolve(asked === 1 ? { purgedRows: 0, isNeeded: true } : { purgedRows: 79, isNeeded: false })
        },
      }
    },
  },
]

/** One way in which the undo of three runs can go. */
export type ThroughScenario = { readonly name: string; readonly activities?: () => Partial<UndoActivities> }

export const throughScenarios: readonly ThroughScenario[] = [
  {
    name: 'undo-through',
    activities: () => ({
      closeUndo: () => Promise.resolve({ ...closedUndo, undoUntil: '2026-01-01T00:00:00.000Z' }),
    }),
  },
  {
    name: 'undo-through-refused',
    activities: () => ({ openUndoThrough: () => Promise.resolve({ isOpen: false, stoppedReason: refused.reason }) }),
  },
  {
    name: 'undo-through-stopped',
    activities: () => {
      let opened = 0
      return {
        openUndo: () => {
          opened += 1
          return Promise.resolve(opened === 1 ? { kind: 'opened', undoRunId, heartbeatMs: 30_000 } : refused)
        },
      }
    },
  },
]
