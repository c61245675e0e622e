import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { dataTypes, sortByReferences } from '../../domain/data-types/registry.ts'
import { writeDistrict } from '../../simulators/oneroster-package/write-district.ts'
import { isQuadratic, type PlanWatch } from './executed-plans.ts'
import { useImportRig } from './import-rig.ts'
import { describeFault, states, watchEveryPlan } from './statistics-states.ts'

/** Enough of each data type that one side times the other stands out. */
const district = { seed: 5, students: 700, studentsPerSchool: 350, today: '2026-11-22' }
const inOrder = sortByReferences(dataTypes.map(({ name }) => name))

describe.each(states)('every data type, in a database that $name', (state) => {
  const rig = useImportRig()
  let watch: PlanWatch

  beforeAll(async () => {
    watch = await watchEveryPlan(rig)
  })

  it('is imported, seen again and changed by no statement that takes the rows of one side times those of the other', async () => {
    const nights = [{ day: 1 }, { day: 1, comment: 'the same rows in other bytes' }, { day: 2 }]
    for (const night of nights) {
      const content = await buffer(writeDistrict({ ...district, ...night }))
      for (const dataType of inOrder) {
        await state.beforeRun(rig)
        const run = await rig.giveRun(await rig.giveContent(content), { dataType })
        const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
          await state.beforeStep(rig)
          return watch.during(`${name} of ${dataType}, day ${night.day}`, work)
        }
        await step('openRun', () => rig.step('openRun', run))
        await step('stageRun', () => rig.step('stageRun', run))
        await step('buildPlan', () => rig.step('buildPlan', run))
        await step('applyPlan', () => rig.step('applyPlan', { ...run, part: 'all' }))
        await step('closeRun', () => rig.close(run, { kind: 'applied' }))
      }
    }
    const statements = watch.statements()
    for (const { stagedTable } of dataTypes) {
      assert.ok(
        statements.some(({ text }) => text.includes(`insert into "${stagedTable}"`)),
        stagedTable,
      )
    }
    const faults = statements.filter(isQuadratic).map(describeFault)
    assert.equal(faults.length, 0, faults.join('\n\n'))
  })
})
