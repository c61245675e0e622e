import { writeFileSync } from 'node:fs'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { standInActivities, type Calls } from '../workflows/stand-in-activities.ts'
import { useWorkflowRig } from '../workflows/workflow-rig.ts'
import { scenarios } from './scenarios.ts'

/**
 * `node tests/histories/record.ts` writes the histories that replay.test.ts replays. Run it when a scenario is added;
 * a history that is there already is what runs of an earlier release look like, so keep it and record under a new name.
 */
const rig = useWorkflowRig()

for (const { name, activities, options, story, isFailing } of scenarios) {
  it(`records ${name}`, async () => {
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, activities(calls)), async () => {
      const handle = await rig.start(options)
      await story?.(handle, calls)
      await (isFailing === true ? handle.result().catch(() => undefined) : handle.result())
      write(name, await handle.fetchHistory())
      if (name === 'applied') {
        const apply = rig.client.workflow.getHandle(`apply/${rig.district}/students`)
        write('apply-import', await apply.fetchHistory())
      }
    })
  })
}

/** An event a line: shorter, and a change shows where it is. */
function write(name: string, history: Parameters<typeof historyToJSON>[0]): void {
  const { events } = JSON.parse(historyToJSON(history), withoutPlace) as { events: unknown[] } // what it always writes
  const lines = events.map((event) => JSON.stringify(event)).join(',\n')
  writeFileSync(fileURLToPath(new URL(`./${name}.json`, import.meta.url)), `{"events":[\n${lines}\n]}\n`)
}

/** Where it was recorded and by which process says nothing to a replay, and is nobody's business. */
function withoutPlace(key: string, value: unknown): unknown {
  return key === 'identity' || key === 'stackTrace' || key === 'workerInstanceKey' ? undefined : value
}
