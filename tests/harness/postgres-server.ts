import { z } from 'zod'
import { migrate } from '../../db/migrate.ts'
import { ownerRole, preparePostgres, withClient } from '../../stack/postgres/postgres.ts'
import { Supervisor } from '../../stack/processes/supervisor.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'

/** Name of the environment variable by which tests/run.ts hands its server to the test files. */
export const testPostgresVariable = 'ROLLBOOK_TEST_POSTGRES'
/** What that variable holds, as JSON: one address for each role. */
export const TestPostgresUrls = z.object({ superuser: z.string(), owner: z.string(), app: z.string() })
export const templateDatabase = 'rollbook_template'

export type TestPostgres = {
  readonly superuserUrl: (database: string) => string
  readonly ownerUrl: (database: string) => string
  readonly appUrl: (database: string) => string
  /** Makes the migrated template once; later calls wait for the same one. */
  readonly prepareTemplate: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a throw-away PostgreSQL for tests. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const directory = makeTemporaryDirectory()
  const postgres = await preparePostgres({ directory: directory.path, isThrowAway: true })
  const supervisor = new Supervisor({ logDirectory: `${directory.path}/logs` })
  await supervisor.start(postgres.plan)
  await postgres.prepareDatabase()
  let template: Promise<void> | undefined
  return {
    superuserUrl: postgres.superuserUrl,
    ownerUrl: postgres.ownerUrl,
    appUrl: postgres.appUrl,
    prepareTemplate: () => (template ??= makeTemplate(postgres.superuserUrl('postgres'), postgres.ownerUrl)),
    stop: async () => {
      await supervisor.stop()
      directory.remove()
    },
  }
}

async function makeTemplate(superuserUrl: string, ownerUrl: (database: string) => string): Promise<void> {
  await withClient(superuserUrl, (client) => client.query(`create database ${templateDatabase} owner ${ownerRole}`))
  await migrate({ ownerUrl: ownerUrl(templateDatabase) })
}
