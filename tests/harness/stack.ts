import { join } from 'node:path'
import { startStack, type Stack } from '../../stack/stack.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'

const stops: (() => Promise<void>)[] = []

/** A whole throw-away stack with quick heartbeats, which ends with the test file at the latest. */
export async function startTestStack(settings: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const directory = makeTemporaryDirectory()
  const stack = await startStack({
    dataDirectory: join(directory.path, 'stack'),
    isThrowAway: true,
    settings: { ROLLBOOK_HEARTBEAT_TIMEOUT_MS: '2000', ROLLBOOK_SHUTDOWN_GRACE_MS: '500', ...settings },
  })
  // Else a test would only see that nobody answers any more.
  void stack.givenUp.then((reason) => process.stderr.write(`the stack of this test gave up: ${reason}\n`))
  const stop = async () => {
    await stack.stop()
    directory.remove()
  }
  stops.push(stop)
  return { ...stack, stop }
}

// Registered while the file is loaded: inside a test it would belong to that test alone.
afterAll(async () => {
  for (const stop of stops) await stop()
})
