import assert from 'node:assert/strict'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import type { RunStatus } from '../../../workflows/messages.ts'
import { standInActivities, type Calls } from '../stand-in-activities.ts'
import { closeWithCases, standInCases } from './stand-in-cases.ts'
import { useWorkflowRig } from '../workflow-rig.ts'

const rig = useWorkflowRig()
const timings = { casesPollMs: 300 }
const decision = { caseId: 'open', action: 'create' as const }

describe('a run with open duplicate cases', () => {
  it('takes decisions by update and by signal, and ends when none of its cases is left', async () => {
    const calls: Calls = []
    const activities = { ...standInActivities(calls, { closeRun: closeWithCases }), ...standInCases(calls) }
    await rig.withWorker(activities, async () => {
      const handle = await rig.start({ timings })
      const decided = await handle.executeUpdate<{ decided: number }, [unknown]>('resolveDuplicates', {
        args: [{ decisions: [decision, { ...decision, caseId: 'closed' }], by: 'operator-7' }],
      })
      assert.equal(decided.decided, 1)
      await handle.signal('resolveDuplicates', { decisions: [decision], by: 'operator-7' })
      await handle.executeUpdate('processUpdates', { args: [{ by: 'operator-7' }] })
      assert.equal((await handle.result()).state, 'completedWithAlerts')
    })
    assert.deepEqual(
      calls.filter((call) => call.includes('Cases')),
      ['decideCases:2', 'decideCases:1', 'processCases'],
    )
  })

  it('refuses what cannot be taken, and says why', async () => {
    const activities = { ...standInActivities([], { closeRun: closeWithCases }), ...standInCases() }
    await rig.withWorker(activities, async () => {
      const handle = await rig.start({ timings })
      const update = (argument: unknown) => handle.executeUpdate('resolveDuplicates', { args: [argument] })
      const isRefused = (reason: RegExp) => (error: unknown) => {
        assert.ok(error instanceof WorkflowUpdateFailedError)
        assert.match(String(error.cause), reason)
        return true
      }
      await assert.rejects(update({ decisions: [], by: 'operator-7' }), isRefused(/must be a list/))
      await assert.rejects(
        update({ decisions: [{ caseId: 'open', action: 'match' }], by: 'operator-7' }),
        isRefused(/"recordId" is missing/),
      )
      await assert.rejects(
        update({ decisions: [{ ...decision, caseId: 'closed' }], by: 'operator-7' }),
        isRefused(/the case is closed/),
      )
      await handle.signal('resolveDuplicates', { decisions: [{ ...decision, caseId: 'closed' }], by: 'operator-7' })
      for (;;) {
        const { ignoredMessages } = await handle.query<RunStatus>('status')
        if (ignoredMessages.some((message) => message.includes('the case is closed'))) break
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      await handle.signal('processUpdates', { by: 'operator-7' })
      await handle.result()
    })
  })
})
