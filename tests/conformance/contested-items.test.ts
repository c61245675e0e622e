import assert from 'node:assert/strict'
import type { RosterPackage } from '../fixtures/roster-package.ts'
import { makeWholeRoster, setCell } from '../districts/whole-roster.ts'
import { listNeeded, useConformanceRig } from './conformance-rig.ts'
import { sources } from './sources.ts'

/** One id for two enrollments: class 3 by somebody else, and class 4 by a third. */
function contest(roster: RosterPackage): RosterPackage {
  setCell(roster, 'enrollments', 'teaching-3', 'userSourcedId', 'teacher-4')
  const header = roster.header('enrollments')
  const row = roster.rows('enrollments').find(([id]) => id === 'teaching-4') ?? []
  const cells = Object.fromEntries(header.map((column, at) => [column, row[at] ?? '']))
  return roster.addRow('enrollments', { ...cells, sourcedId: 'teaching-3', userSourcedId: 'teacher-5' })
}

for (const source of sources) {
  describe(`what is gathered from rows of one id that contradict each other, by ${source.connector}`, () => {
    const rig = useConformanceRig({ connector: source.connector, settings: source.settings })

    it('is neither taken nor taken for gone', async () => {
      const bring = async (roster: RosterPackage, dataType: string) =>
        rig.follow(await source.give(rig, roster), dataType)
      for (const dataType of [...listNeeded('classes'), 'classes']) {
        await bring(makeWholeRoster(source.version), dataType)
      }
      const before = await teachers()
      assert.equal(before['class-3'], 'teacher-3')
      const { run, isHeld } = await bring(contest(makeWholeRoster(source.version)), 'classes')
      if (isHeld) await rig.approve(run)
      assert.deepEqual(await teachers(), before)
    })

    const teachers = async () =>
      Object.fromEntries((await rig.readCsv('classes')).map(({ sisId = '', teacherIds = '' }) => [sisId, teacherIds]))
  })
}
