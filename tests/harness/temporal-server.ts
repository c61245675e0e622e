import { prepareTemporal } from '../../stack/temporal.ts'
import { Supervisor } from '../../stack/supervisor.ts'
import { makeTemporaryDirectory } from '../../stack/temporary-directory.ts'

/** Name of the environment variable by which tests/run.ts hands the address of its server to the test files. */
export const testTemporalVariable = 'ROLLBOOK_TEST_TEMPORAL'

/** Starts a throw-away Temporal dev server for tests. */
export async function startTestTemporal(executable: string): Promise<{ address: string; stop: () => Promise<void> }> {
  const directory = makeTemporaryDirectory()
  const temporal = await prepareTemporal({ directory: directory.path, executable })
  const supervisor = new Supervisor({ logDirectory: `${directory.path}/logs` })
  await supervisor.start(temporal.plan)
  return {
    address: temporal.address,
    stop: async () => {
      await supervisor.stop()
      directory.remove()
    },
  }
}
