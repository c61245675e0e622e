import { randomUUID } from 'node:crypto'
import { findTemporalCli } from '../../stack/temporal/temporal-cli.ts'
import { startTestTemporal, testTemporalVariable } from './temporal-server.ts'

export type TestTemporal = { readonly address: string; readonly taskQueue: string; readonly namespace: 'default' }

let own: ReturnType<typeof startTestTemporal> | undefined

/** The Temporal server of the test run, with a task queue nobody else uses; a file run alone gets a server of its own. */
export async function getTestTemporal(): Promise<TestTemporal> {
  const taskQueue = `test-${randomUUID()}`
  const address =
    process.env[testTemporalVariable] ?? (await (own ??= findTemporalCli().then(startTestTemporal))).address
  return { address, taskQueue, namespace: 'default' }
}

// Registered while the file is loaded: inside a test it would belong to that test and stop the server under the next.
afterAll(async () => {
  await (await own)?.stop()
})
