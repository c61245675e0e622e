import assert from 'node:assert/strict'
import { SafetyLimits } from '../../../domain/plan/import-settings.ts'
import type { MetLimit } from '../../../domain/plan/met-limit.ts'
import { checkSafetyLimits, deriveKeptBack, type PlanTotals } from '../../../domain/plan/safety-limits.ts'

const calm: PlanTotals = {
  activeCount: 1000,
  deactivations: 0,
  updates: 0,
  changes: 0,
  moves: 0,
  changedIds: 0,
  identityConflicts: 0,
  schools: [],
  rowsRead: 1000,
  rejectedRows: 0,
  doubts: { isLate: false, isOtherFormat: false, isFirstWholeAfterDeltas: false },
}
const limits = SafetyLimits.parse({})
const names = (totals: Partial<PlanTotals>, settings = limits) =>
  checkSafetyLimits({ ...calm, ...totals }, settings).map(({ limit, scope }) => `${scope} ${limit}`)

describe('a safety limit', () => {
  it('is met at its share and not just below', () => {
    assert.deepEqual(names({ deactivations: 99 }), [])
    assert.deepEqual(names({ deactivations: 100 }), ['district deactivations'])
    assert.deepEqual(names({ updates: 749 }), [])
    assert.deepEqual(names({ updates: 750 }), ['district updates'])
    assert.deepEqual(names({ rejectedRows: 100 }), ['district errorFindings'])
    assert.deepEqual(names({ changedIds: 20 }), ['district idSchemeChange'])
    assert.deepEqual(names({ identityConflicts: 19 }), [])
    assert.deepEqual(names({ identityConflicts: 20 }), ['district identityConflicts'])
  })

  it('needs five records', () => {
    assert.deepEqual(names({ activeCount: 10, deactivations: 4 }), [])
    assert.deepEqual(names({ activeCount: 10, deactivations: 5 }), ['district deactivations'])
    assert.deepEqual(names({ rowsRead: 10, identityConflicts: 4 }), [])
    assert.deepEqual(names({ rowsRead: 10, identityConflicts: 5 }), ['district identityConflicts'])
  })

  it('is met by a district whose records go to other schools, and not by a school', () => {
    assert.deepEqual(names({ moves: 499 }), [])
    assert.deepEqual(names({ moves: 500 }), ['district schoolMoves'])
    assert.deepEqual(names({ activeCount: 8, moves: 4 }), [])
    const closed = { schoolId: 'closed', activeCount: 300, deactivations: 0, moves: 300, identityConflicts: 0 }
    assert.deepEqual(names({ moves: 300, schools: [closed] }), [])
  })

  it('is met by whatever a doubtful input removes, and by nothing where it removes nobody', () => {
    const doubt = (name: keyof PlanTotals['doubts'], totals: Partial<PlanTotals>) =>
      checkSafetyLimits({ ...calm, ...totals, doubts: { ...calm.doubts, [name]: true } }, limits)
    const met = { scope: 'district', schoolId: null, value: 1, max: 1, count: 1 }
    assert.deepEqual(doubt('isLate', { deactivations: 1 }), [{ limit: 'lateDelta', ...met }])
    assert.deepEqual(doubt('isFirstWholeAfterDeltas', { deactivations: 1 }), [{ limit: 'otherMode', ...met }])
    assert.deepEqual(doubt('isOtherFormat', { changes: 1 }), [{ limit: 'otherVersion', ...met }])
    for (const name of ['isLate', 'isFirstWholeAfterDeltas'] as const) assert.deepEqual(doubt(name, { changes: 9 }), [])
    assert.deepEqual(doubt('isOtherFormat', {}), [])
  })

  it('is checked for each school', () => {
    const schools = [
      { schoolId: 'large', activeCount: 500, deactivations: 20, moves: 0, identityConflicts: 0 },
      { schoolId: 'small', activeCount: 30, deactivations: 20, moves: 0, identityConflicts: 0 },
    ]
    assert.deepEqual(checkSafetyLimits({ ...calm, deactivations: 40, schools }, limits), [
      { limit: 'deactivations', scope: 'school', schoolId: 'small', value: 20 / 30, max: 0.1, count: 20 },
    ])
  })

  it('is met by the conflicts of one school among many', () => {
    const schools = [{ schoolId: 'small', activeCount: 100, deactivations: 0, moves: 0, identityConflicts: 5 }]
    assert.deepEqual(checkSafetyLimits({ ...calm, identityConflicts: 5, schools }, limits), [
      { limit: 'identityConflicts', scope: 'school', schoolId: 'small', value: 0.05, max: 0.02, count: 5 },
    ])
    const [school] = schools
    assert.deepEqual(names({ identityConflicts: 4, schools: [{ ...school!, identityConflicts: 4 }] }), [])
  })

  it('is met by a school that loses everybody, however few they are', () => {
    const tiny = { schoolId: 'tiny', identityConflicts: 0 }
    const held = (activeCount: number, deactivations: number, moves = 0) =>
      names({ deactivations, schools: [{ ...tiny, activeCount, deactivations, moves }] }).length === 1
    assert.equal(held(4, 4), true)
    assert.equal(held(2, 2), true)
    assert.equal(held(4, 3, 1), true)
    assert.equal(held(4, 2, 2), true)
    assert.equal(held(5, 2, 3), false)
    assert.equal(held(1, 1), false)
    assert.equal(held(4, 3), false)
    assert.equal(held(20, 2, 18), false)
    const [met] = checkSafetyLimits(
      { ...calm, deactivations: 4, schools: [{ ...tiny, activeCount: 4, deactivations: 4, moves: 0 }] },
      SafetyLimits.parse({ deactivations: { count: 50 } }),
    )
    assert.deepEqual(met, { limit: 'deactivations', scope: 'school', schoolId: 'tiny', value: 1, max: 1, count: 4 })
  })

  it('cannot be met by a first import', () => {
    assert.deepEqual(names({ activeCount: 0, deactivations: 9, updates: 9, changedIds: 9 }), [])
  })

  it('can be an absolute number', () => {
    const absolute = SafetyLimits.parse({ deactivations: { count: 3 } })
    assert.deepEqual(names({ deactivations: 2 }, absolute), [])
    assert.deepEqual(checkSafetyLimits({ ...calm, deactivations: 3 }, absolute), [
      { limit: 'deactivations', scope: 'district', schoolId: null, value: 3, max: 3, count: 3 },
    ])
    assert.deepEqual(names({ activeCount: 0, deactivations: 3 }, absolute), [])
    const one = SafetyLimits.parse({ identityConflicts: { count: 1 } })
    assert.deepEqual(names({ rowsRead: 1, identityConflicts: 1 }, one), ['district identityConflicts'])
  })
})

describe('what a hold keeps back', () => {
  const met = (limit: MetLimit['limit']): MetLimit => ({
    limit,
    scope: 'district',
    schoolId: null,
    value: 1,
    max: 0.1,
    count: 9,
  })

  it('is only the deactivations when only they are in doubt', () => {
    assert.equal(deriveKeptBack([]), 'none')
    assert.equal(deriveKeptBack([met('deactivations')]), 'deactivations')
    assert.equal(deriveKeptBack([met('deactivations'), met('updates')]), 'all')
    assert.equal(deriveKeptBack([met('errorFindings')]), 'all')
    assert.equal(deriveKeptBack([met('lateDelta'), met('otherMode')]), 'deactivations')
    for (const limit of ['schoolMoves', 'otherVersion'] as const) assert.equal(deriveKeptBack([met(limit)]), 'all')
  })
})
