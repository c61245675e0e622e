import { migrate } from './migrate.ts'

/**
 * `node db/main.ts migrate` brings the database of ROLLBOOK_DATABASE_URL (owner role) to the newest schema. With
 * ROLLBOOK_APP_DATABASE_URL set, the role named there is made, or given the password named there.
 */
async function main(): Promise<void> {
  const ownerUrl = process.env['ROLLBOOK_DATABASE_URL']
  if (process.argv[2] !== 'migrate' || ownerUrl === undefined) {
    console.error('usage: ROLLBOOK_DATABASE_URL=postgresql://owner@host/database node db/main.ts migrate')
    process.exitCode = 2
    return
  }
  const appUrl = process.env['ROLLBOOK_APP_DATABASE_URL']
  const names = await migrate({ ownerUrl, appUrl })
  console.log(names.length === 0 ? 'The schema is up to date.' : `Migrated: ${names.join(', ')}`)
}

await main()
