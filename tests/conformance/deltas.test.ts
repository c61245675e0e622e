import assert from 'node:assert/strict'
import { withDistrict } from '../../db/database.ts'
import { updateConfigurationSettings } from '../../db/connect/configurations.ts'
import { columnOf, getField } from '../../domain/data-types/define-data-type.ts'
import { dataTypes, getDataType } from '../../domain/data-types/registry.ts'
import { getFixture } from '../districts/registry.ts'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { listNeeded, useConformanceRig } from './conformance-rig.ts'

const rig = useConformanceRig()

async function limitToSchools(dataType: string, schools: 'all' | readonly string[]): Promise<void> {
  await withDistrict(rig.db, rig.districtId, async (trx) => {
    const { id: connectionId } = await trx.selectFrom('connections').select('id').executeTakeFirstOrThrow()
    const chosen = schools === 'all' ? schools : [...schools]
    await updateConfigurationSettings(trx, { connectionId, dataType }, { schools: chosen }, 'test')
  })
}

describe('a part of what there is, of', () => {
  for (const { name, schoolField } of dataTypes) {
    const { withdraw, keys, change, changed } = getFixture(name)
    const [key = ''] = keys.slice(2)

    if (withdraw !== undefined) {
      it(`${name}, in a package of changes, withdraws one record and leaves the others as they are`, async () => {
        await rig.clear()
        await rig.bringAll(makeWholeRoster(), name)
        await rig.bring(withdraw(makeWholeRoster('1.1', 'delta'), key), name)
        const gone = Object.entries(await rig.readStatuses(name)).filter(([, status]) => status !== 'active')
        assert.deepEqual(gone, [[key, 'inactive']])
        // And the next one changes what it says.
        const { run } = await rig.bring(change(makeWholeRoster('1.1', 'delta')), name)
        const statuses = await rig.readStatuses(name)
        assert.equal(statuses[keys[3] ?? ''], 'active')
        const changes = await rig.ask(`select record_id from plan_rows
          where run_id = '${run.runId}' and action in ('update', 'reactivate')`)
        assert.ok(changes.length <= 1, changed.field)
      })
    }

    if (schoolField !== null) {
      it(`${name}, limited to a school, brings in the records of that one alone`, async () => {
        await rig.clear()
        for (const needed of listNeeded(name)) await rig.bring(makeWholeRoster(), needed)
        // Orgs come with whatever is imported first.
        if (listNeeded(name).length === 0) await rig.bring(makeWholeRoster(), name, { isTest: true })
        const [school] = (await rig.ask(`select id from orgs where source_key = 'school-2'`)) as { id: string }[]
        assert.ok(school)
        await limitToSchools(name, [school.id])
        try {
          await rig.bring(makeWholeRoster(), name)
          const records = await rig.readCsv(name)
          assert.ok(records.length > 0 && records.length < keys.length)
          const ofSchool = await rig.ask(
            `select from ${tableOf(name)} where not (array['${school.id}'::uuid] && ${arrayOf(name, schoolField)})`,
          )
          assert.equal(ofSchool.length, 0)
        } finally {
          await limitToSchools(name, 'all')
        }
      })
    }
  }
})

const tableOf = (name: string) => getDataType(name).table

/** The schools of a record, one or several, as SQL. */
function arrayOf(name: string, field: string): string {
  const column = columnOf(field)
  return getField(getDataType(name), field).many === true ? column : `array[${column}]`
}
