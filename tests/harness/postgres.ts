import { after } from 'node:test'
import { appRole, ownerRole } from '../../stack/postgres.ts'
import { startTestPostgres, testPostgresVariable, type TestPostgres } from './postgres-server.ts'

let shared: Promise<TestPostgres> | undefined

/** The server of the test run; a file that is run alone gets one of its own, which ends with it. */
export function getTestPostgres(): Promise<TestPostgres> {
  return (shared ??= findRunningServer() ?? startTestPostgres())
}

// Registered while the file is loaded: inside a test it would belong to that test and stop the server under the next.
after(async () => {
  await (await shared)?.stop()
})

function findRunningServer(): Promise<TestPostgres> | undefined {
  const address = process.env[testPostgresVariable]
  if (address === undefined) return undefined
  const url = (user: string | undefined) => (database: string) => {
    const built = new URL(address)
    if (user !== undefined) built.username = user
    built.pathname = `/${database}`
    return built.href
  }
  return Promise.resolve({
    superuserUrl: url(undefined),
    ownerUrl: url(ownerRole),
    appUrl: url(appRole),
    prepareTemplate: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  })
}
