import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'

/** An event a line: shorter, and a change shows where it is. */
export function writeHistory(name: string, history: Parameters<typeof historyToJSON>[0]): void {
  const { events } = JSON.parse(historyToJSON(history), withoutPlace) as { events: unknown[] } // what it always writes
  const lines = events.map((event) => JSON.stringify(event)).join(',\n')
  writeFileSync(fileURLToPath(new URL(`./${name}.json`, import.meta.url)), `{"events":[\n${lines}\n]}\n`)
}

/** Where it was recorded and by which process says nothing to a replay, and is nobody's business. */
function withoutPlace(key: string, value: unknown): unknown {
  return key === 'identity' || key === 'stackTrace' || key === 'workerInstanceKey' ? undefined : value
}
