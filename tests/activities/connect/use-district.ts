import { createDatabase, withDistrict } from '../../../db/database.ts'
import { insertDistrict } from '../../../db/access/districts.ts'
import { afterTest } from '../../harness/after-test.ts'
import { createTestDatabase } from '../../harness/database.ts'
import { makeTestSecrets } from '../../harness/secrets.ts'

/** A district on a database of its own until the test ends, and a key for the settings of its connections. */
export async function useDistrict() {
  const database = await createTestDatabase()
  const db = createDatabase({ url: database.appUrl, maxConnections: 3 })
  afterTest(async () => {
    await db.destroy()
    await database.dispose()
  })
  const secrets = makeTestSecrets()
  const district = await insertDistrict(db, { slug: 'lincoln', name: 'Lincoln County', timeZone: 'UTC' })
  const districtId = district?.id ?? ''
  const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) => withDistrict(db, districtId, work)
  return { db, districtId, secrets, inDistrict }
}
