import { randomBytes } from 'node:crypto'
import { ownerRole, withClient } from '../../stack/postgres/postgres.ts'
import { templateDatabase } from './postgres-server.ts'
import { getTestPostgres } from './postgres.ts'

export type TestDatabase = {
  readonly name: string
  readonly ownerUrl: string
  readonly appUrl: string
  readonly superuserUrl: string
  /** Drops the database and with it every connection that is still open. */
  readonly dispose: () => Promise<void>
}

/**
 * A database of its own, cloned from the migrated template; `isEmpty` gives one without any migration. Works in
 * `npm test` and when a test file is run alone.
 */
export async function createTestDatabase(options: { readonly isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const postgres = await getTestPostgres()
  if (options.isEmpty !== true) await postgres.prepareTemplate()
  const name = `test_${randomBytes(8).toString('hex')}`
  const template = options.isEmpty === true ? 'template1' : templateDatabase
  const run = (sql: string) => withClient(postgres.superuserUrl('postgres'), (client) => client.query(sql))
  await run(`create database ${name} template ${template} owner ${ownerRole}`)
  return {
    name,
    ownerUrl: postgres.ownerUrl(name),
    appUrl: postgres.appUrl(name),
    superuserUrl: postgres.superuserUrl(name),
    dispose: async () => {
      await run(`drop database if exists ${name} with (force)`)
    },
  }
}
