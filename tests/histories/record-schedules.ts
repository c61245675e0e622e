import { allDataTypes } from '../../domain/data-types/registry.ts'
import { lincolnCounty } from '../districts/lincoln-county.ts'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import { until } from '../harness/until.ts'
import { dataType, useScheduleRig } from '../workflows/schedule/schedule-rig.ts'
import { writeHistory } from './write-history.ts'

/** `npm test -- tests/histories/record-schedules.ts` records what a schedule starts, as record.ts does for runs. */
const rig = useScheduleRig()

it('records a start, the run that fetches its input, and a check of the watchdog', async () => {
  const feed = await rig.makeFeed()
  feed.put('monday.zip', lincolnCounty(1))
  await rig.withWorker(async () => {
    await feed.keep({ everyMs: 2_000 })
    await until(async () => (await feed.runs()).some(({ state }) => state === 'completed'))
    const [run] = await feed.runs()
    if (run === undefined) throw new Error('there is a run by now')
    const runHandle = rig.client.workflow.getHandle(run.workflowId)
    await runHandle.result()
    writeHistory('fetched', await runHandle.fetchHistory())
    const query = `WorkflowType = 'fireSchedule' AND RollbookDistrict = '${feed.district}' AND RollbookDataType = '${dataType}'`
    await until(async () => (await rig.client.workflow.count(`${query} AND ExecutionStatus = 'Completed'`)).count > 0)
    for await (const { workflowId } of rig.client.workflow.list({
      query: `${query} AND ExecutionStatus = 'Completed'`,
    })) {
      writeHistory('fire-schedule', await rig.client.workflow.getHandle(workflowId).fetchHistory())
    }
    const { workflowId } = await rig.watchInHistory()
    writeHistory('watch-districts', await rig.client.workflow.getHandle(workflowId).fetchHistory())
  })
})

it('records an import set that fetches its package', async () => {
  const feed = await rig.makeFeed({ dataType: allDataTypes })
  feed.put('monday.zip', makeZip(makeWholeRoster('1.1').members()))
  const set = await feed.plantSet()
  await rig.withWorker(async () => {
    await rig.startSet(feed, set)
    const handle = rig.client.workflow.getHandle(set.workflowId)
    await handle.result()
    writeHistory('import-set-fetched', await handle.fetchHistory())
  })
})

it('records a removal of old logs', async () => {
  const feed = await rig.makeFeed()
  await rig.withWorker(async () => {
    const { workflowId } = await rig.purge(feed)
    writeHistory('purge-logs', await rig.client.workflow.getHandle(workflowId).fetchHistory())
  })
})
