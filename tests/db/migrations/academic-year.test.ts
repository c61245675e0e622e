import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import { findAcademicYear } from '../../../db/records/academic-year.ts'
import { useEmptyRig } from '../empty-rig.ts'

const district = useEmptyRig()
const migration = join(import.meta.dirname, '..', '..', '..', 'db', 'migrations', '0016-values-of-a-feed.sql')

describe('the academic year of runs before there was one', () => {
  it('is that of the day on which they began, in their district', async () => {
    const { db, districtId, connectionId } = district.rig
    const source = { districtId, connectionId, dataType: 'students' }
    let version = 0
    const give = async (appliedVersion: number | null, startedAt: string, turnsOn: string) => {
      const mappingVersionId = randomUUID()
      await withDistrict(db, districtId, async (trx) => {
        await sql`
          insert into mapping_versions (id, district_id, connection_id, data_type, version, document, created_by)
          values (${mappingVersionId}, ${districtId}, ${connectionId}, 'students', ${++version},
            ${JSON.stringify({ fields: {}, academicYearTurnsOn: turnsOn })}, 'test')`.execute(trx)
        await sql`
          insert into import_runs (district_id, connection_id, data_type, mapping_version_id, started_at, applied_version,
            requested_by, workflow_id)
          values (${districtId}, ${connectionId}, 'students', ${mappingVersionId}, ${startedAt}, ${appliedVersion}, 'test',
            ${mappingVersionId})`.execute(trx)
      })
    }
    const [, block = ''] = /^(do \$\$.*?\$\$;)$/ms.exec(await readFile(migration, 'utf8')) ?? []
    // As a role that sees one district at a time, as the owner of the tables does.
    const year = async () => {
      await sql.raw(block).execute(db)
      return withDistrict(db, districtId, (trx) => findAcademicYear(trx, source))
    }
    assert.equal(await year(), undefined)
    await give(1, '2026-06-30T12:00:00Z', '07-01')
    assert.equal(await year(), 2026)
    await give(2, '2026-07-01T12:00:00Z', '07-01')
    assert.equal(await year(), 2027)
    await give(3, '2026-07-02T12:00:00Z', '08-15')
    assert.equal(await year(), 2026)
    await give(null, '2026-12-01T00:00:00Z', '07-01')
    assert.equal(await year(), 2026)
  })
})
