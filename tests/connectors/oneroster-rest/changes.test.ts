import assert from 'node:assert/strict'
import type { FaultRequest } from '../../../simulators/oneroster-rest/faults/fault.ts'
import { startOneRosterRest, type StandIn } from '../../../simulators/oneroster-rest/start.ts'
import { extractParts, fetchParts } from './read-all.ts'

const district = { seed: 11, students: 120, studentsPerSchool: 60, today: '2026-11-22' }
/** Before the night in which the second day begins, and after the first. */
const changesSince = new Date('2026-09-01T12:00:00.000Z')

for (const version of ['1.1', '1.2'] as const) {
  describe(`a provider of ${version} that is asked for what changed`, () => {
    let standIn: StandIn
    beforeAll(async () => {
      standIn = await startOneRosterRest({ district: { ...district, day: 2 }, version })
    })
    afterAll(() => standIn.close())
    beforeEach(() => standIn.setFaults([]))

    const settingsOf = () => ({ ...standIn.settings, pageSize: 5, pauseMs: 0 })
    const read = async (dataType: string, faults: readonly FaultRequest[] = [], since: Date | null = changesSince) => {
      standIn.setFaults(faults)
      const parts = await fetchParts(settingsOf(), dataType, since === null ? {} : { changesSince: since })
      return { parts, ...(await extractParts(parts, version, dataType)) }
    }

    it('gives the changes alone, and nobody is missing who is not in them', async () => {
      const whole = await fetchParts(settingsOf(), 'students')
      const all = await extractParts(whole, version, 'students')
      const { parts, report, keys, findings } = await read('students')
      assert.deepEqual([report.isDelta, report.isComplete, report.isUsable], [true, false, true])
      assert.ok(keys.length > 1 && keys.length < all.keys.length / 2, `${keys.length} of ${all.keys.length}`)
      assert.deepEqual(
        keys.filter((key) => !all.keys.includes(key)),
        [],
      )
      assert.deepEqual(
        findings.filter(({ rule }) => ['I-18', 'I-22'].includes(rule)),
        [],
      )
      // Orgs are there for whoever refers to them.
      assert.equal(count(parts, 'orgs'), count(whole, 'orgs'))
      assert.ok(count(parts, 'demographics') < count(whole, 'demographics'))
    })

    it('withdraws who is withdrawn, and is usable where nobody changed', async () => {
      standIn.goTo(1)
      const { keys } = await read('students', [], new Date('2026-08-31T12:00:00.000Z'))
      assert.ok(
        keys.some((key) => key.endsWith(' inactive')),
        keys.join(),
      )
      standIn.goTo(2)
      const nothing = await read('students', [], new Date('2026-10-01T00:00:00.000Z'))
      assert.deepEqual([nothing.keys, nothing.report.isDelta, nothing.report.isUsable], [[], true, true])
    })

    it('gives those of staff and enrollments, too', async () => {
      for (const dataType of ['staff', 'enrollments']) {
        const all = await read(dataType, [], null)
        const { report, keys } = await read(dataType)
        assert.equal(report.isDelta, true)
        assert.ok(keys.length < all.keys.length / 2, `${keys.length} of ${all.keys.length} ${dataType}`)
        assert.deepEqual(
          keys.filter((key) => !all.keys.includes(key)),
          [],
        )
      }
    })

    it('is asked for everything of what is made of more than its own rows', async () => {
      for (const dataType of ['classes', 'guardians']) {
        const { report, parts } = await read(dataType)
        assert.equal(report.isDelta, false)
        assert.ok(parts.every(({ facts }) => facts['changes'] === undefined))
      }
    })

    for (const name of ['filter-ignored', 'filter-refused', 'filter-finds-nothing', 'no-total'] as const) {
      it(`is read whole where it cannot be asked so, and that is told: ${name}`, async () => {
        const all = await read('students', [], null)
        const { report, keys, told } = await read('students', [{ name, collection: 'users' }])
        assert.deepEqual(keys, all.keys)
        assert.deepEqual([report.isDelta, report.isComplete], [false, name !== 'no-total'])
        assert.ok(told.includes('I-22 info users'), JSON.stringify(told))
      })
    }

    it('is read whole where it forgets the filter on the way', async () => {
      const all = await read('students', [], null)
      const { report, keys, told, parts } = await read('students', [
        { name: 'filter-ignored', collection: 'users', page: 2 },
      ])
      assert.equal(
        parts.filter(({ facts }) => facts['changes'] === 'alone' && facts['total'] !== undefined).length > 0,
        true,
      )
      assert.deepEqual(keys, all.keys)
      assert.deepEqual([report.isDelta, report.isComplete], [false, true])
      assert.ok(told.includes('I-22 info users'))
      assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length)
    })

    it('is read on from its page when it breaks off between the changes', async () => {
      const calm = await read('students')
      standIn.clearRequests()
      const torn = await read('students', [{ name: 'connection-cut', collection: 'users', page: 2, times: 4 }])
      assert.deepEqual(torn.keys, calm.keys)
      assert.equal(torn.report.isDelta, true)
    })
  })
}

const count = (parts: Awaited<ReturnType<typeof fetchParts>>, collection: string) =>
  parts.filter((part) => part.collection === collection).length
