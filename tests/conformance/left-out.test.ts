import assert from 'node:assert/strict'
import { dataTypes, prerequisitesOf } from '../../domain/data-types/registry.ts'
import { getFixture } from '../districts/registry.ts'
import { makeWholeRoster, setCell } from '../districts/whole-roster.ts'
import { listNeeded, useConformanceRig } from './conformance-rig.ts'

const rig = useConformanceRig()

type OpenAlert = {
  readonly kind: string
  readonly field: string
  readonly count: number
  readonly newCount: number | null
}

const readAlerts = async (dataType: string): Promise<readonly OpenAlert[]> =>
  (await rig.ask(`select kind, field, count, new_count as "newCount" from alerts
    where data_type = '${dataType}' and closed_at is null order by kind, field`)) as OpenAlert[] // of this query

describe('who is left out of an import of', () => {
  for (const dataType of dataTypes) {
    const { name } = dataType

    it(`${name} because its row is refused is told by an alert, until it comes in`, async () => {
      await rig.clear()
      const { keys, refuse } = getFixture(name)
      const key = keys[2] ?? ''
      for (const needed of listNeeded(name)) await rig.bring(makeWholeRoster(), needed)
      const { state } = await rig.bring(refuse(makeWholeRoster(), key), name)
      assert.equal(state, 'completedWithAlerts')
      assert.equal((await rig.readStatuses(name))[key], undefined)
      const alerts = await readAlerts(name)
      const told = alerts.filter(({ kind }) => kind === 'notImported')
      assert.deepEqual(
        told.map(({ count, newCount }) => ({ count, newCount })),
        [{ count: 1, newCount: 1 }],
      )
      await rig.bring(makeWholeRoster(), name)
      assert.equal((await rig.readStatuses(name))[key], 'active')
      assert.deepEqual(
        (await readAlerts(name)).filter(({ kind }) => kind === 'notImported'),
        [],
      )
      // Of whom we hold it is told as well, and that we do.
      await rig.bring(refuse(makeWholeRoster(), key), name)
      assert.equal((await rig.readStatuses(name))[key], 'active')
      assert.deepEqual(
        (await readAlerts(name)).filter(({ kind }) => kind === 'notImported').map(({ newCount }) => newCount),
        [0],
      )
    })

    const expected = Object.entries(dataType.fields).filter(([, { presence }]) => presence === 'expected')
    if (expected.length > 0) {
      it(`${name} is nobody for want of an expected field, and an alert says which`, async () => {
        const { blank } = getFixture(name)
        assert.ok(blank, `the fixture of ${name} leaves no expected field blank`)
        await rig.clear()
        await rig.bringAll(blank.leave(makeWholeRoster()), name)
        const missing = (await readAlerts(name)).filter(({ kind }) => kind === 'missingExpected')
        assert.deepEqual(
          missing.filter(({ field }) => field === blank.field).map(({ count }) => count),
          [1],
        )
        await rig.bring(makeWholeRoster(), name)
        const left = (await readAlerts(name)).filter(({ kind }) => kind === 'missingExpected')
        assert.ok(!left.some(({ field }) => field === blank.field))
      })
    }

    if (prerequisitesOf(dataType).length > 0) {
      it(`${name} because it refers to nothing that we hold comes in by itself when we do`, async () => {
        const { lost, keys } = getFixture(name)
        assert.ok(lost, `the fixture of ${name} has no reference that is lost`)
        await rig.clear()
        const whole = makeWholeRoster()
        for (const needed of listNeeded(name)) {
          const isLost = needed === lost.dataType
          await rig.bring(isLost ? getFixture(needed).remove(makeWholeRoster(), lost.key) : whole, needed)
        }
        const { run, state } = await rig.bring(whole, name)
        assert.equal(state, 'completedWithAlerts')
        const held = Object.keys(await rig.readStatuses(name))
        assert.deepEqual(
          keys.filter((key) => !held.includes(key)),
          lost.records,
        )
        assert.equal((await rig.readRun(run)).findingsByRule['I-14']?.count, lost.records.length)
        assert.deepEqual(await readAlerts(name).then((alerts) => alerts.filter(({ field }) => field === 'I-14')), [
          { kind: 'notImported', field: 'I-14', count: lost.records.length, newCount: lost.records.length },
        ])
        // Still so, and told, with other bytes.
        const other = setCell(makeWholeRoster(), 'orgs', 'district-1', 'name', 'Lincoln')
        const again = await rig.bring(other, name)
        assert.equal(again.state, 'completedWithAlerts')

        await rig.bring(whole, lost.dataType)
        // Not even the bytes need be others.
        await rig.bring(other, name)
        const statuses = await rig.readStatuses(name)
        assert.deepEqual(
          keys.filter((key) => statuses[key] !== 'active'),
          [],
        )
        assert.deepEqual(
          (await readAlerts(name)).filter(({ kind }) => kind === 'notImported'),
          [],
        )
        assert.equal((await rig.bring(other, name)).state, 'unchanged')
      })
    }
  }
})
