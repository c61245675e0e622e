import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { countNotImported, refreshNotImported } from '../../../db/plan/not-imported.ts'
import { insertFindings } from '../../../db/import/findings.ts'
import { getRun, updateRunFindings } from '../../../db/import/runs.ts'
import { students } from '../../../domain/data-types/students.ts'
import type { ImportSettings } from '../../../domain/plan/import-settings.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { InputFacts, Pupil } from '../roster-rig.ts'

const district = useEmptyRig()

/** Imports, with an error finding of this rule on the row of each of these keys that the pupils have. */
async function importWith(
  pupils: readonly Pupil[],
  refusedBy: Readonly<Record<number, string>>,
  facts: InputFacts & { readonly schools?: ImportSettings['schools'] } = {},
) {
  const { db, districtId } = district.rig
  const { runId } = await district.rig.import(pupils, facts)
  await withDistrict(db, districtId, async (trx) => {
    const findings = Object.entries(refusedBy).map(([at, rule]) => {
      const line = Number(at) + 2
      return { rule, severity: 'error' as const, file: 'users.csv', line, message: 'refused' }
    })
    await insertFindings(trx, { districtId, runId, step: 'stage', firstSeq: 1, findings })
    await updateRunFindings(trx, runId, {
      totals: { block: 0, error: findings.length, warning: 0, info: 0 },
      byRule: {},
    })
  })
  // Twice, as any step may be.
  for (let time = 0; time < 2; time++) {
    await withDistrict(db, districtId, async (trx) =>
      refreshNotImported(trx, {
        run: await getRun(trx, runId),
        dataType: students,
        schools: facts.schools ?? 'all',
      }),
    )
  }
  return withDistrict(db, districtId, (trx) => countNotImported(trx, { districtId, dataType: 'students' }))
}

const refused = (key: string): Pupil => ({ key, kind: 'rejected' })

describe('an input with changes only', () => {
  const delta = { isDelta: true, isComplete: false }

  it('leaves what it does not name as it was told', async () => {
    await importWith([{ key: 'k1' }, refused('k2')], { 1: 'F-01' })
    assert.deepEqual(await importWith([{ key: 'k3' }], {}, delta), [{ rule: 'F-01', newCount: 1, heldCount: 0 }])
    assert.deepEqual(await importWith([refused('k4')], { 0: 'R-05' }, delta), [
      { rule: 'F-01', newCount: 1, heldCount: 0 },
      { rule: 'R-05', newCount: 1, heldCount: 0 },
    ])
  })

  it('ends what it mends, and judges anew what it shows again', async () => {
    await importWith([{ key: 'k1' }, refused('k2'), refused('k3')], { 1: 'F-01', 2: 'F-01' })
    assert.deepEqual(await importWith([{ key: 'k2' }, refused('k3')], { 1: 'R-05' }, delta), [
      { rule: 'R-05', newCount: 1, heldCount: 0 },
    ])
    assert.deepEqual(await importWith([{ key: 'k3', kind: 'inactive' }], {}, delta), [])
  })
})

describe('a refused row of somebody who has another row', () => {
  const both: readonly Pupil[] = [{ key: 'k1' }, refused('k1')]

  it('leaves nobody out, be the other row changed or as we hold it', async () => {
    assert.deepEqual(await importWith(both, { 1: 'R-05' }), [])
    assert.deepEqual(await importWith(both, { 1: 'R-05' }), [])
    assert.deepEqual(await importWith([{ key: 'k1', homeroom: 'B2' }, refused('k1')], { 1: 'R-05' }), [])
  })

  it('leaves her out when the two contradict each other, though we hold what one of them says', async () => {
    await importWith([{ key: 'k1' }], {})
    assert.deepEqual(await importWith(both, { 1: 'R-01' }, { contestedKeys: ['k1'] }), [
      { rule: 'R-01', newCount: 0, heldCount: 1 },
    ])
  })
})

describe('somebody we hold as inactive', () => {
  it('counts as held', async () => {
    await importWith([{ key: 'k1' }, { key: 'k2' }], {})
    await importWith([{ key: 'k1' }], {})
    assert.deepEqual(await importWith([{ key: 'k1' }, refused('k2')], { 1: 'F-01' }), [
      { rule: 'F-01', newCount: 0, heldCount: 1 },
    ])
  })
})

describe('an import that is limited to some schools', () => {
  it('tells nothing of the others, as far as the school of a row is known', async () => {
    await importWith([{ key: 'k1' }, { key: 'k2', school: 'south' }], {})
    const { rows } = await district.rig.owner.query<{ id: string }>(`select id from orgs where source_key = 'north'`)
    const schools = rows.map(({ id }) => id)
    const counted = await importWith(
      [
        refused('k1'),
        refused('k2'),
        { ...refused('k3'), school: 'south' },
        { ...refused('k4'), school: 'north' },
        refused('k5'),
      ],
      { 0: 'F-01', 1: 'F-01', 2: 'F-01', 3: 'F-01', 4: 'F-01' },
      { schools },
    )
    assert.deepEqual(counted, [{ rule: 'F-01', newCount: 2, heldCount: 1 }])
  })
})
