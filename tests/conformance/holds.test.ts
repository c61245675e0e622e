import assert from 'node:assert/strict'
import type { RunDocument } from '../../api/contract/run.ts'
import { purgeRunLogs } from '../../db/retention/purge-run-logs.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import { getFixture } from '../districts/registry.ts'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { useConformanceRig } from './conformance-rig.ts'

const rig = useConformanceRig()

/** Five of a school are gone, and that is more than a limit lets pass. */
const withoutFive = (dataType: string) => {
  const { keys, remove } = getFixture(dataType)
  return keys.slice(0, 5).reduce((roster, key) => remove(roster, key), makeWholeRoster())
}

describe('of records that are gone in great number, a run of', () => {
  for (const dataType of dataTypes) {
    const { name, schoolField } = dataType

    describe(name, () => {
      it(`is held, and says ${schoolField === null ? 'how many' : 'of which school'}; approved, it makes them inactive`, async () => {
        await rig.clear()
        await rig.bringAll(makeWholeRoster(), name)
        const before = await rig.readStatuses(name)
        const { run, isHeld } = await rig.bring(withoutFive(name), name)
        assert.ok(isHeld)
        assert.deepEqual(await rig.readStatuses(name), before, 'nothing is applied while it is held')
        const limits = (await rig.readRun(run)).hold?.limits ?? []
        assert.deepEqual(
          limits.map(({ limit, scope, count, schoolSourceKey = null }) => ({ limit, scope, count, schoolSourceKey })),
          [
            { limit: 'deactivations', scope: 'district', count: 5, schoolSourceKey: null },
            ...(schoolField === null
              ? []
              : [{ limit: 'deactivations', scope: 'school', count: 5, schoolSourceKey: 'school-1' }]),
          ],
        )
        const document = await rig.get<RunDocument>(`/api/runs/${run.runId}`)
        assert.equal(document.hold?.limits[0]?.count, 5)
        await rig.approve(run)
        const gone = getFixture(name).keys.slice(0, 5)
        const expected = Object.fromEntries(
          Object.keys(before).map((key) => [key, gone.includes(key) ? 'inactive' : 'active']),
        )
        assert.deepEqual(await rig.readStatuses(name), expected)
      })

      it('brings them back with their values when they are there again', async () => {
        const { run } = await rig.bring(makeWholeRoster(), name)
        assert.equal((await rig.readRun(run)).counts.reactivated, 5)
        assert.deepEqual(new Set(Object.values(await rig.readStatuses(name))), new Set(['active']))
      })

      it('keeps nothing of its staged rows when its log is old', async () => {
        const countStaged = async () => {
          const [row] = await rig.ask(`select count(*)::int as count from ${dataType.stagedTable}`)
          return (row as { count: number }).count // of the query just above
        }
        assert.notEqual(await countStaged(), 0)
        const now = new Date('2027-03-01T00:00:00Z')
        await purgeRunLogs(rig.db, { districtId: rig.districtId, now, logDays: 30 })
        assert.equal(await countStaged(), 0)
      })
    })
  }
})
