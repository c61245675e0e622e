import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { getDataType } from '../../../domain/data-types/registry.ts'
import { oneRosterRest } from '../../../connectors/oneroster-rest/connector.ts'
import { writeDistrict } from '../../../simulators/oneroster-package/write-district.ts'
import { startOneRosterRest, type StandIn } from '../../../simulators/oneroster-rest/start.ts'
import { useImportRig } from '../../activities/import-rig.ts'
import { tablesOf } from './tables-of.ts'

const district = { seed: 11, students: 120, studentsPerSchool: 60, today: '2026-11-22' }
/** Over REST those who were withdrawn come along. */
const tell = (counts: Readonly<Record<string, number>>) => ({ ...counts, read: 0, skipped: 0 })

for (const [version, auth] of [
  ['1.1', 'oauth1'],
  ['1.2', 'oauth2'],
] as const) {
  describe(`the same district, OneRoster ${version} with ${auth}`, () => {
    let standIn: StandIn
    beforeAll(async () => {
      standIn = await startOneRosterRest({ district, version, auth, pageCap: 70 })
    })
    afterAll(() => standIn.close())
    const overCsv = useImportRig()
    const overRest = useImportRig({
      connection: () => ({ connector: 'oneroster-rest', settings: { ...standIn.settings, pauseMs: 0 } }),
    })

    it('is the same in every table, over files and over REST', async () => {
      const content = await buffer(writeDistrict({ ...district, version }))
      const ordered = ['students', 'staff', 'guardians', 'courseCatalog', 'courseMapping', 'classes', 'enrollments']
      const types = [...ordered, ...oneRosterRest.dataTypes.filter((name) => !ordered.includes(name))]
      for (const dataType of types) {
        const csv = await overCsv.giveRun(await overCsv.giveContent(content), { dataType })
        await overCsv.importAll(csv)
        const rest = await overRest.giveRun(null, { dataType })
        await overRest.fetch(rest)
        await overRest.importAll(rest)
        const [onCsv, onRest] = [await overCsv.readRun(csv), await overRest.readRun(rest)]
        assert.deepEqual(
          [onRest.state, onRest.staging?.isComplete, tell(onRest.counts)],
          [onCsv.state, onCsv.staging?.isComplete, tell(onCsv.counts)],
          dataType,
        )
      }
      const [csv, rest] = [await tablesOf(overCsv), await tablesOf(overRest)]
      for (const dataType of types) {
        const { table } = getDataType(dataType)
        // No result of the invented district tells of credits: extract.test.ts has one that does.
        if (dataType !== 'courseHistory') assert.ok((csv[table]?.length ?? 0) > 0, `${table} is empty`)
        assert.deepEqual(rest[table], csv[table], table)
      }
      const names = (rows: readonly string[] = []) => rows.filter((row) => row.includes('"is_active": true'))
      assert.deepEqual(names(rest['orgs']), names(csv['orgs']))
    })
  })
}
