import { startTestPostgres, testPostgresVariable, TestPostgresUrls, type TestPostgres } from './postgres-server.ts'

let shared: Promise<TestPostgres> | undefined

/** The server of the test run; a file that is run alone gets one of its own, which ends with it. */
export function getTestPostgres(): Promise<TestPostgres> {
  return (shared ??= findRunningServer() ?? startTestPostgres())
}

// Registered while the file is loaded: inside a test it would belong to that test and stop the server under the next.
afterAll(async () => {
  await (await shared)?.stop()
})

function findRunningServer(): Promise<TestPostgres> | undefined {
  const text = process.env[testPostgresVariable]
  if (text === undefined) return undefined
  const urls = TestPostgresUrls.parse(JSON.parse(text))
  const replaceDatabase = (url: string) => (database: string) => {
    const built = new URL(url)
    built.pathname = `/${database}`
    return built.href
  }
  return Promise.resolve({
    superuserUrl: replaceDatabase(urls.superuser),
    ownerUrl: replaceDatabase(urls.owner),
    appUrl: replaceDatabase(urls.app),
    prepareTemplate: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  })
}
