import assert from 'node:assert/strict'
import { useImportRig, type ImportRig } from './import-rig.ts'

const once = useImportRig({ applyBatchRows: 40 })
const twice = useImportRig({ applyBatchRows: 40 })

const dayOne = { seed: 11, students: 200, studentsPerSchool: 100 } as const
const dayTwo = {
  ...dayOne,
  changedEvery: 10,
  isLeftOut: (_: unknown, number: number): boolean => number % 4 === 0,
  // No given name: rejected. No grade: imported, with an alert.
  moreUsers: [
    'x-1,,,true,school-001,student,u1,{LDAP:x1},,Nobody,,8880001,,,,,10,',
    'x-2,,,true,school-001,student,u2,{LDAP:x2},Una,Birch,,8880002,,,,,,',
  ],
} as const

/** A held run from beginning to end, every step as often as `times` says. */
async function importTwoDays(rig: ImportRig, times: 1 | 2): Promise<void> {
  const repeat = async (step: () => Promise<unknown>): Promise<void> => {
    for (let time = 0; time < times; time++) await step()
  }
  const first = await rig.giveRun(await rig.givePackage(dayOne))
  const second = await rig.giveRun(await rig.givePackage(dayTwo))
  for (const run of [first, second]) {
    await repeat(() => rig.step('openRun', run))
    await repeat(() => rig.step('stageRun', run))
    const { metLimits } = await rig.step('buildPlan', run)
    if (times === 2) await rig.step('buildPlan', run)
    await repeat(() => rig.step('applyPlan', { ...run, part: 'safe' }))
    await repeat(() => rig.step('holdForReview', { ...run, metLimits }))
    await repeat(() => rig.step('recordHoldDecision', { ...run, decision: 'approve', by: 'operator-7' }))
    await repeat(() => rig.step('applyPlan', { ...run, part: 'deactivations' }))
    await repeat(() => rig.close(run, { kind: 'applied' }))
  }
}

describe('every step of an import', () => {
  it('leaves the same tables when it is run twice', async () => {
    await importTwoDays(once, 1)
    await importTwoDays(twice, 2)
    const expected = await once.readTables()
    assert.ok(expected.students !== undefined && expected.students.length > 200)
    assert.ok(expected.alerts !== undefined && expected.alerts.length > 0)
    assert.deepEqual(await twice.readTables(), expected)
  })

  it('does not end a run a second time in another way', async () => {
    const run = await once.giveRun(await once.givePackage({ ...dayOne, comment: 'again' }))
    await once.step('openRun', run)
    await once.close(run, { kind: 'cancelled', by: 'operator-7', reason: 'wrong file' })
    assert.equal((await once.close(run, { kind: 'applied' })).state, 'cancelled')
  })
})
