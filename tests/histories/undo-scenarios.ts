import { ApplicationFailure } from '@temporalio/common'
import type { UndoActivities } from '../../activities/interface.ts'
import type { Calls } from '../workflows/stand-in-activities.ts'
import { closedUndo, type WindowHandle } from '../workflows/undo-rig.ts'

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
]
