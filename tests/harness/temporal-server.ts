import { prepareTemporal } from '../../stack/temporal/temporal.ts'
import { Supervisor } from '../../stack/processes/supervisor.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'

/** Name of the environment variable by which tests/run.ts hands the address of its server to the test files. */
export const testTemporalVariable = 'ROLLBOOK_TEST_TEMPORAL'

export type TestTemporalServer = {
  readonly address: string
  /** Is down while the work is done, and goes on with what it had when it is back. */
  readonly beDown: (work: () => Promise<void>) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a throw-away Temporal dev server for tests. */
export async function startTestTemporal(executable: string): Promise<TestTemporalServer> {
  const directory = makeTemporaryDirectory()
  const temporal = await prepareTemporal({ directory: directory.path, executable })
  const start = async (): Promise<Supervisor> => {
    const started = new Supervisor({ logDirectory: `${directory.path}/logs` })
    await started.start(temporal.plan)
    return started
  }
  let supervisor = await start()
  return {
    address: temporal.address,
    beDown: async (work) => {
      await supervisor.stop()
      await work()
      supervisor = await start()
    },
    stop: async () => {
      await supervisor.stop()
      directory.remove()
    },
  }
}
