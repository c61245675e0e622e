import assert from 'node:assert/strict'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()
const less = () => new RosterPackage().leaveOut('courseResources')
const give = async (roster: RosterPackage) => rig.giveRun(await rig.giveContent(makeZip(roster.members())))

/** What the rule tells of a package that is imported. */
async function told(roster: RosterPackage) {
  const run = await give(roster)
  await rig.importAll(run)
  return (await rig.readRun(run)).findingsByRule['M-12'] ?? null
}

beforeEach(() => rig.clear())

describe('the files of a package (M-12)', () => {
  it('are compared with those of the last one that was applied, so that a change is told once', async () => {
    assert.equal(await told(new RosterPackage()), null)
    assert.equal(await told(new RosterPackage().set('users', 0, 'phone', '+15035550101')), null)
    assert.deepEqual(await told(less()), { severity: 'warning', count: 1 })
    assert.equal(await told(less().set('users', 0, 'phone', '+15035550102')), null)
  })

  it('are not compared with those of a package that nobody took', async () => {
    await told(new RosterPackage())
    const discarded = await give(less())
    await rig.plan(discarded)
    await rig.close(discarded, { kind: 'discarded', reason: 'wrong file' })
    assert.deepEqual(await told(less()), { severity: 'warning', count: 1 })
  })

  it('are those that changed in a delta, which says nothing of the next complete one', async () => {
    await told(new RosterPackage())
    const delta = new RosterPackage('1.1', 'delta').leaveOut('courseResources').leaveOut('courses')
    assert.equal(await told(delta), null)
    assert.equal(await told(new RosterPackage()), null)
  })
})

describe('the same bytes again (Z-13)', () => {
  it('are told once, however often the step is taken', async () => {
    await told(new RosterPackage())
    const again = await give(new RosterPackage())
    for (const _ of [1, 2]) assert.equal((await rig.step('openRun', again)).isUnchanged, true)
    const { state, findingsByRule, findingCounts } = await rig.readRun(again)
    assert.deepEqual(
      [state, findingsByRule, findingCounts],
      ['unchanged', { 'Z-13': { severity: 'info', count: 1 } }, { block: 0, error: 0, warning: 0, info: 1 }],
    )
    assert.deepEqual(await rig.ask(`select step, rule from run_findings where run_id = '${again.runId}'`), [
      { step: 'open', rule: 'Z-13' },
    ])
  })
})
