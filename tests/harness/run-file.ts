import { relative } from 'node:path'
import { inspect } from 'node:util'
import { createRunner } from 'jest-light-runner'
import { endAtDeadline } from './deadline.ts'
import type { Answer, Order } from './process-per-file.ts'

/** The process of one test file, started by process-per-file.ts. */
process.once('disconnect', () => process.exit(1))
process.once('message', (order: Order) => void answer(order))

async function answer(order: Order): Promise<void> {
  endAtDeadline(relative(process.cwd(), order.path))
  // A test that waits for what can never come leaves nothing to do, and its process ends: that is told as a failure.
  process.channel?.unref()
  const found = await run(order).catch((error: unknown) => ({ failure: inspect(error) }))
  process.removeAllListeners('disconnect')
  process.send?.(found, () => {
    process.disconnect()
  })
}

async function run({ path, config, globalConfig }: Order): Promise<Answer> {
  const LightRunner = createRunner()
  let found: Answer = { failure: 'jest-light-runner gave no result' }
  // With one worker it runs the file in this very process.
  await new LightRunner({ ...globalConfig, maxWorkers: 1 }).runTests(
    [{ path, context: { config } }],
    undefined,
    () => Promise.resolve(),
    (_file, result) => void (found = { result }),
    (_file, error) => void (found = { failure: inspect(error) }),
  )
  return found
}
