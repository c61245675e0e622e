import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { fillConfigurations } from '../../../api/connect/make-connection.ts'
import { findConfiguration } from '../../../db/connect/configurations.ts'
import { findConnection } from '../../../db/connect/connections.ts'
import { withDistrict } from '../../../db/database.ts'
import { until } from '../../harness/until.ts'
import { useApiRig } from '../api-rig.ts'
import { plantConnection } from '../import/plant-run.ts'

const rig = useApiRig()

describe('the configurations that a connection of an earlier release lacks', () => {
  it('are made once and enabled, even when two fill them at once', async () => {
    const { db } = rig()
    const district = await rig().makeDistrict()
    const { id: connectionId } = await plantConnection(rig(), await rig().makeToken(), district)
    const key = { connectionId, dataType: 'staff' }
    await withDistrict(db, district.id, (trx) =>
      trx
        .deleteFrom('importConfigurations')
        .where('connectionId', '=', connectionId)
        .where('dataType', '=', 'staff')
        .execute(),
    )
    const fill = (then: () => Promise<void>) =>
      withDistrict(db, district.id, async (trx) => {
        const connection = await findConnection(trx, connectionId)
        assert.ok(connection)
        await fillConfigurations(trx, { districtId: district.id, connection, createdBy: 'tester' })
        await then()
      })
    const countWaiting = async (): Promise<number> => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
      `.execute(db)
      return rows[0]?.count ?? 0
    }
    let second = Promise.resolve()
    await fill(async () => {
      second = fill(() => Promise.resolve())
      await until(async () => (await countWaiting()) > 0)
    })
    await second
    await withDistrict(db, district.id, async (trx) => {
      assert.equal((await findConfiguration(trx, key))?.isEnabled, true)
      const versions = await trx
        .selectFrom('mappingVersions')
        .select('id')
        .where('connectionId', '=', connectionId)
        .where('dataType', '=', 'staff')
        .execute()
      // The one that came with the connection, and one that was made for the missing configuration.
      assert.equal(versions.length, 2)
    })
  })
})
