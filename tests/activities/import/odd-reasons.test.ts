import assert from 'node:assert/strict'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()

describe('a run', () => {
  it('reaches its end whatever was typed as the reason, for a workflow may have taken it before it was refused', async () => {
    const package_ = await rig.givePackage({ seed: 3, students: 4, studentsPerSchool: 4 })
    for (const kind of ['cancelled', 'discarded'] as const) {
      const run = await rig.giveRun(package_)
      await rig.step('openRun', run)
      const reason = 'wrong\0 file\u001b[2J'
      await rig.close(run, kind === 'cancelled' ? { kind, by: 'ops\0', reason } : { kind, reason })
      const { state, closedReason } = await rig.readRun(run)
      assert.equal(state, kind)
      assert.match(closedReason ?? '', /wrong {2}file \[2J$/)
    }
  })
})
