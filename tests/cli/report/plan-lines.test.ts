import assert from 'node:assert/strict'
import type { PlanRow } from '../../../api/contract/plan.ts'
import { describePlanRow } from '../../../cli/report/plan-lines.ts'

const update: PlanRow = {
  seq: 1,
  action: 'update',
  recordId: '01930000-0000-7000-8000-0000000000a1',
  sisId: 'S-1',
  name: 'Ada Quist',
  school: 'org-7',
  schoolName: 'Franklin High',
  line: 12,
  reason: null,
  fields: ['homeroom', 'race', 'email'],
  changes: {
    homeroom: { old: 'B-12', new: 'B-14' },
    race: { old: null, new: ['asian', 'white'] },
    email: { old: 'a@b.example', new: null },
  },
}

describe('a row of a plan for people', () => {
  it('says whom it is about and has a line for each side of each field', () => {
    assert.deepEqual(describePlanRow(update, false), [
      'update      S-1  Ada Quist · school Franklin High (org-7) · line 12 · record 01930000-0000-7000-8000-0000000000a1',
      '  - homeroom  B-12',
      '  + homeroom  B-14',
      '  + race      asian; white',
      '  - email     a@b.example',
      '  + email',
    ])
  })

  it('marks on a terminal what of a value changes', () => {
    const lines = describePlanRow(update, true)
    assert.equal(lines[1], '  - homeroom  \x1b[31mB-1\x1b[7m2\x1b[27m\x1b[39m')
    assert.equal(lines[2], '  + homeroom  \x1b[32mB-1\x1b[7m4\x1b[27m\x1b[39m')
  })

  it('names the fields alone to who may not see values', () => {
    assert.deepEqual(
      describePlanRow({ ...update, name: null, changes: null, recordId: null, action: 'create' }, false),
      ['create      S-1 · school Franklin High (org-7) · line 12', '    homeroom', '    race', '    email'],
    )
  })
})
