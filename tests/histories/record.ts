import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import { standInActivities, type Calls } from '../workflows/stand-in-activities.ts'
import { testDistrictId, useWorkflowRig } from '../workflows/workflow-rig.ts'
import { openWindow, standInUndo, startThrough } from '../workflows/undo/undo-rig.ts'
import { scenarios } from './scenarios.ts'
import { throughScenarios, undoScenarios } from './undo-scenarios.ts'
import { writeHistory } from './write-history.ts'

/**
 * `npm test -- tests/histories/record.ts` writes the histories that replay.test.ts replays. Run it when a scenario is
 * added, with `-t` for that one alone: a history that is there already is what runs of an earlier release look like,
 * so keep it and record under a new name.
 */
const rig = useWorkflowRig()

for (const { name, activities, cases, options, story, isFailing } of scenarios) {
  it(`records ${name}`, async () => {
    const calls: Calls = []
    await rig.withWorker(
      { ...standInUndo(calls), ...standInActivities(calls, activities(calls)), ...cases?.() },
      async () => {
        const handle = await rig.start(options)
        await story?.(handle, calls)
        await (isFailing === true ? handle.result().catch(() => undefined) : handle.result())
        writeHistory(name, await handle.fetchHistory())
        if (name === 'applied') {
          const apply = rig.client.workflow.getHandle(`apply/${rig.district}/students`)
          writeHistory('apply-import', await apply.fetchHistory())
        }
      },
    )
  })
}

for (const type of ['deliverMail', 'deliverWebhook'] as const) {
  const name = `${type === 'deliverMail' ? 'mail' : 'webhook'}-given-up`
  it(`records ${name}`, async () => {
    const refuse = () => Promise.reject(ApplicationFailure.retryable('no', 'REFUSED_BY_THE_TEST'))
    const quick = { firstPauseMs: 1, growth: 1, longestPauseMs: 1, totalMs: 1500 }
    const steps = { sendMail: refuse, sendWebhook: refuse, giveUpDelivery: () => Promise.resolve() }
    const story = async () => {
      const input = { districtId: testDistrictId, deliveryId: randomUUID(), round: 1, timings: quick }
      const handle = await rig.startDelivery(type, input)
      await handle.result()
      writeHistory(name, await handle.fetchHistory())
    }
    await rig.withWorker(standInActivities([]), story, steps)
  })
}

for (const { name, activities, story } of undoScenarios) {
  it(`records ${name}`, async () => {
    const calls: Calls = []
    await rig.withWorker(standInUndo(calls, activities?.()), async () => {
      const handle = await openWindow(rig, 3000)
      await story?.(handle, calls)
      await handle.result()
      writeHistory(name, await handle.fetchHistory())
      if (name === 'undo-asked-for-by-update') {
        writeHistory('apply-undo', await rig.client.workflow.getHandle(`apply/${rig.district}/students`).fetchHistory())
      }
    })
  })
}

for (const { name, activities } of throughScenarios) {
  it(`records ${name}`, async () => {
    await rig.withWorker(standInUndo([], activities?.()), async () => {
      const handle = await startThrough(rig, [randomUUID(), randomUUID(), randomUUID()])
      await handle.result()
      writeHistory(name, await handle.fetchHistory())
    })
  })
}
