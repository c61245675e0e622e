import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withCases, type CaseRig } from './case-rig.ts'

const district = useEmptyRig()

const others: readonly Pupil[] = ['b', 'c', 'd', 'e'].map((letter, index) => ({
  key: `k-${letter}`,
  sisId: `s-${letter}`,
  givenName: ['Bruno', 'Carmen', 'Dario', 'Edda'][index] ?? '',
  familyName: ['Birch', 'Cobb', 'Dorn', 'Eklund'][index] ?? '',
  birthDate: `2012-0${index + 1}-11`,
}))
const ada: Pupil = {
  ...{ key: 'k-a', sisId: 's-a', givenName: 'Ada', familyName: 'Achterberg', birthDate: '2011-05-17' },
  email: 'ada@north.example',
}
const again: Pupil = { ...ada, key: 'k-9', sisId: 's-9', homeroom: 'H9' }

/** With these nothing short of certainty is likely, so that a resembling record is created and asked about as a hint. */
const hints = { settings: { questionBudgets: { likely: 0.001, possible: 1000 }, deactivateMissing: false } }
const weaker: Pupil = { key: 'k-9', sisId: 's-9', givenName: 'Ada', familyName: 'Achterberg', homeroom: 'H9' }

async function only(rig: CaseRig) {
  const cases = await rig.cases()
  assert.equal(cases.length, 1)
  const [one] = cases
  assert.ok(one !== undefined)
  return { ...one, best: one.candidates[0]?.recordId ?? '' }
}

const bySisId = async () => new Map((await district.rig.students()).map((row) => [row.sis_id, row]))

const idsOf = (records: ReadonlyMap<unknown, { readonly id: unknown; readonly status: unknown }>) =>
  [...records].map(([sisId, { id, status }]) => [sisId, id, status]).sort()

describe('a record that is possibly somebody we hold', () => {
  it('is created, and a match makes one of the two', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    const held = (await bySisId()).get('s-a')?.id
    await rig.import([weaker, ...others], hints)
    const one = await only(rig)
    assert.equal(one.strength, 'possible')
    const created = (await bySisId()).get('s-9')?.id
    assert.equal(one.incomingRecordId, created)
    assert.equal(one.best, held)
    await rig.decide({ caseId: one.id, action: 'match', recordId: one.best })
    await rig.process()
    const merged = await bySisId()
    assert.equal(merged.get('s-9')?.id, held, 'the record that was there takes the id over')
    assert.equal(merged.get('s-9')?.homeroom, 'H9')
    assert.equal(merged.get('s-9')?.birth_date, '2011-05-17', 'what only it knows stays')
    const gone = [...merged.values()].find(({ id }) => id === created)
    assert.equal(gone?.status, 'inactive')
    assert.equal(gone.source_key, null)
    assert.deepEqual(await rig.cases(), [])
  })

  it('comes back by an unmerge, with its ids', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    await rig.import([weaker, ...others], hints)
    const before = await rig.values()
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'match', recordId: one.best })
    await rig.process()
    await rig.unmerge(one.id)
    assert.deepEqual(await rig.values(), before)
    await rig.import([ada, weaker, ...others], hints)
    assert.deepEqual(await rig.values(), before)
    assert.deepEqual(await rig.cases(), [])
  })

  it('stays as it is when it is decided to be a record of its own, without a run', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    await rig.import([weaker, ...others], hints)
    const before = await rig.values()
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'create' })
    assert.deepEqual(await rig.process(), [])
    assert.deepEqual(await rig.values(), before)
    assert.deepEqual(await rig.cases(), [])
  })
})

describe('a matched record whose old ids come again', () => {
  it('is in the input, be it by these alone', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    await rig.import([again, ...others])
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'match', recordId: one.best })
    await rig.process()
    await rig.import([{ ...ada, homeroom: 'H1' }, ...others])
    const record = [...(await bySisId()).values()].find(({ id }) => id === one.best)
    assert.deepEqual([record?.status, record?.homeroom], ['active', 'H1'])
  })
})

describe('an id that was given to the next pupil', () => {
  const next: Pupil = { key: 'k-a', sisId: 's-a', givenName: 'Zeno', familyName: 'Zapata', birthDate: '2015-12-30' }

  it('is a case and no match', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    const before = await rig.values()
    await rig.import([next, ...others])
    const one = await only(rig)
    assert.deepEqual([one.reason, one.strength], ['idReused', 'likely'])
    assert.deepEqual(await rig.values(), before)
  })

  it('becomes a record of its own, and the pupil before keeps hers under another id', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    const held = (await bySisId()).get('s-a')?.id
    await rig.import([next, ...others])
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'create' })
    await rig.process()
    const records = await bySisId()
    assert.equal(records.get('s-a')?.given_name, 'Zeno')
    assert.notEqual(records.get('s-a')?.id, held)
    assert.equal(records.get(`s-a~${held ?? ''}`)?.given_name, 'Ada')
    await rig.import([next, ...others])
    assert.equal((await bySisId()).get(`s-a~${held ?? ''}`)?.status, 'inactive')
    assert.deepEqual(await rig.cases(), [])
  })

  it('goes to its new bearer in the same step in which the one before is known under another', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    const held = (await bySisId()).get('s-a')?.id ?? ''
    await rig.import([next, again, ...others])
    const decisions = (await rig.cases()).map(({ id, reason }) =>
      reason === 'idReused'
        ? { caseId: id, action: 'create' as const }
        : { caseId: id, action: 'match' as const, recordId: held },
    )
    assert.equal(decisions.length, 2)
    assert.deepEqual((await rig.decide(...decisions)).refused, [])
    const [runId = ''] = await rig.process()
    const records = await bySisId()
    assert.deepEqual([records.get('s-9')?.id, records.get('s-9')?.given_name], [held, 'Ada'])
    assert.equal(records.get('s-a')?.given_name, 'Zeno')
    assert.deepEqual(await rig.cases(), [])
    // An undo gives it back: the record that was created with it becomes inactive under another.
    const taken = records.get('s-a')?.id ?? ''
    assert.deepEqual((await rig.preview(runId)).skipped, [])
    const undone = await rig.undo(runId)
    assert.deepEqual(undone.skipped, [])
    const before = await bySisId()
    assert.deepEqual([before.get('s-a')?.id, before.get('s-a')?.given_name], [held, 'Ada'])
    assert.deepEqual([before.get(`s-a~${taken}`)?.id, before.get(`s-a~${taken}`)?.status], [taken, 'inactive'])
    assert.deepEqual((await rig.preview(undone.undoId)).skipped, [])
    const redone = await rig.undo(undone.undoId)
    assert.deepEqual(redone.skipped, [])
    assert.deepEqual(idsOf(await bySisId()), idsOf(records))
    assert.deepEqual((await rig.undo(redone.undoId)).skipped, [])
    assert.deepEqual(idsOf(await bySisId()), idsOf(before))
  })

  it('is the same pupil after all when that is decided', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    const held = (await bySisId()).get('s-a')?.id
    await rig.import([next, ...others])
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'match', recordId: one.best })
    await rig.process()
    const record = (await bySisId()).get('s-a')
    assert.deepEqual([record?.id, record?.given_name], [held, 'Zeno'])
  })
})

describe('decisions', () => {
  it('give one record to one case only', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    const third: Pupil = { ...again, key: 'k-8', sisId: 's-8' }
    await rig.import([again, third, ...others])
    const [first, second] = await rig.cases()
    const recordId = first?.candidates[0]?.recordId ?? ''
    const answer = await rig.decide(
      { caseId: first?.id ?? '', action: 'match', recordId },
      { caseId: second?.id ?? '', action: 'match', recordId },
    )
    assert.equal(answer.decided, 1)
    assert.match(answer.refused[0]?.reason ?? '', /chosen in case/)
  })

  it('leave a case open whose id somebody else got meanwhile', async () => {
    const rig = withCases(district.rig)
    await rig.import([ada, ...others])
    await rig.import([again, ...others])
    await rig.edit('s-b', `sis_id = 's-9'`)
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'match', recordId: one.best })
    const before = await rig.values()
    await rig.process()
    assert.deepEqual(await rig.values(), before)
    assert.equal((await only(rig)).id, one.id)
  })
})
