import { withDistrict } from '../../db/database.ts'
import { listDistricts } from '../../db/access/districts.ts'
import { listConnections } from '../../db/connect/connections.ts'
import type { AppParts } from '../app-environment.ts'
import { fillConfigurations } from './make-connection.ts'

/** Gives connections that an earlier release made the configurations of the data types that are new since. */
export async function fillAllConfigurations({ db, log }: Pick<AppParts, 'db' | 'log'>): Promise<void> {
  try {
    for (const { id: districtId } of await listDistricts(db)) {
      await withDistrict(db, districtId, async (trx) => {
        for (const connection of await listConnections(trx, districtId))
          await fillConfigurations(trx, { districtId, connection, createdBy: 'rollbook' })
      })
    }
  } catch (error) {
    // Whoever starts a run of a new data type fills what is missing then.
    log.warn({ err: error }, 'configurations of new data types could not be made')
  }
}
