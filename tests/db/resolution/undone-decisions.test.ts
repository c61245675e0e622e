import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withCases, type CaseRig } from './case-rig.ts'

const district = useEmptyRig()

const ada: Pupil = {
  ...{ key: 'k-a', sisId: 's-a', givenName: 'Ada', familyName: 'Achterberg', birthDate: '2011-05-17' },
  email: 'ada@north.example',
}
const bruno: Pupil = {
  ...{ key: 'k-b', sisId: 's-b', givenName: 'Bruno', familyName: 'Birch', birthDate: '2012-01-11' },
  email: 'bruno@north.example',
}
const others: readonly Pupil[] = ['c', 'd', 'e'].map((letter, index) => ({
  key: `k-${letter}`,
  sisId: `s-${letter}`,
  givenName: ['Carmen', 'Dario', 'Edda'][index] ?? '',
  familyName: ['Cobb', 'Dorn', 'Eklund'][index] ?? '',
  birthDate: `2012-0${index + 2}-11`,
}))
const adaAgain: Pupil = { ...ada, key: 'k-8', sisId: 's-8', homeroom: 'H8' }
const brunoAgain: Pupil = { ...bruno, key: 'k-9', sisId: 's-9', homeroom: 'H9' }
const before: readonly Pupil[] = [ada, bruno, ...others]
const asked: readonly Pupil[] = [adaAgain, brunoAgain, ...others]

const bySisId = async () => new Map((await district.rig.students()).map((row) => [row.sis_id, row]))

async function caseOf(rig: CaseRig, key: string) {
  const one = (await rig.cases()).find(({ incomingKey }) => incomingKey === key)
  assert.ok(one !== undefined, `there is an open case of ${key}`)
  return { ...one, best: one.candidates[0]?.recordId ?? '' }
}

/** Both come in under new ids; what is decided about Ada is carried out. */
async function decideAda(action: 'match' | 'create') {
  const rig = withCases(district.rig)
  await rig.import(before)
  await rig.import(asked)
  const undecided = await rig.values()
  const { id, best } = await caseOf(rig, 's-8')
  await rig.decide({ caseId: id, action, ...(action === 'match' && { recordId: best }) })
  const [runId = ''] = await rig.process()
  return { rig, runId, caseId: id, adaId: best, undecided, decided: await rig.values() }
}

describe('a match whose run is undone', () => {
  it('is not carried out with the next decision about somebody else', async () => {
    const { rig, runId, undecided } = await decideAda('match')
    await rig.undo(runId)
    const one = await caseOf(rig, 's-8')
    assert.deepEqual([one.decision, one.decidedRecordId, one.decidedBy], [null, null, null])
    assert.deepEqual(await rig.process(), [])
    const other = await caseOf(rig, 's-9')
    await rig.decide({ caseId: other.id, action: 'match', recordId: other.best })
    assert.equal((await rig.process()).length, 1)
    const values = await rig.values()
    assert.deepEqual(values.get(one.best), undecided.get(one.best))
    assert.equal((await caseOf(rig, 's-8')).decision, null)
  })

  it('gives the record free for another case', async () => {
    const { rig, runId, adaId, caseId } = await decideAda('match')
    await rig.undo(runId)
    const third: Pupil = { ...ada, key: 'k-7', sisId: 's-7' }
    await rig.import([third, ...asked])
    const other = await caseOf(rig, 's-7')
    assert.deepEqual((await rig.decide({ caseId: other.id, action: 'match', recordId: adaId })).refused, [])
    await rig.process()
    assert.equal((await bySisId()).get('s-7')?.id, adaId)
    assert.equal((await caseOf(rig, 's-8')).id, caseId)
  })

  it('holds again by the undo of the undo, and can be taken apart then', async () => {
    const { rig, runId, caseId, adaId, undecided, decided } = await decideAda('match')
    const { undoId } = await rig.undo(runId)
    await rig.undo(undoId)
    assert.deepEqual(await rig.values(), decided)
    assert.deepEqual(
      (await rig.cases()).map(({ incomingKey }) => incomingKey),
      ['s-9'],
    )
    // Its old ids lead to the record.
    await rig.import([{ ...ada, homeroom: 'H1' }, brunoAgain, ...others])
    assert.equal((await rig.values()).get(adaId)?.['homeroom'], 'H1')
    await rig.import([adaAgain, brunoAgain, ...others])
    await rig.unmerge(caseId)
    assert.equal((await rig.values()).get(adaId)?.['sis_id'], undecided.get(adaId)?.['sis_id'])
  })

  it('does not hold again over what was decided since', async () => {
    const { rig, runId, caseId, decided } = await decideAda('match')
    const { undoId } = await rig.undo(runId)
    await rig.decide({ caseId, action: 'create' })
    await assert.rejects(rig.undo(undoId), /was decided anew since; `rollbook alert decide .* --cancel`/)
    assert.equal((await caseOf(rig, 's-8')).decision, 'create')
    await rig.decide({ caseId, action: 'cancel' })
    await rig.undo(undoId)
    assert.deepEqual(await rig.values(), decided)
  })

  it('is not to be decided anew while the undo is undone', async () => {
    const { rig, runId, caseId } = await decideAda('match')
    const { undoId } = await rig.undo(runId)
    const opened = await rig.open(undoId)
    assert.ok('undo' in opened)
    const { refused } = await rig.decide({ caseId, action: 'create' })
    assert.match(refused[0]?.reason ?? '', /being carried out/)
    await rig.carryOut(opened.undo.id)
    assert.deepEqual(
      (await rig.cases()).map(({ incomingKey }) => incomingKey),
      ['s-9'],
    )
  })

  it('keeps the row that was matched last, for the day it is taken apart', async () => {
    const { rig, runId, adaId } = await decideAda('match')
    await rig.undo(runId)
    await rig.import([{ ...adaAgain, homeroom: 'H88' }, brunoAgain, ...others])
    const one = await caseOf(rig, 's-8')
    await rig.decide({ caseId: one.id, action: 'match', recordId: adaId })
    await rig.process()
    await rig.unmerge(one.id)
    assert.equal((await bySisId()).get('s-8')?.homeroom, 'H88')
  })
})

describe('a record of its own whose run is undone', () => {
  it('waits outside again, and nobody leaves for it', async () => {
    const { rig, runId, adaId, undecided } = await decideAda('create')
    const created = (await bySisId()).get('s-8')?.id
    await rig.undo(runId)
    const undone = await rig.values()
    for (const roster of [[...asked, { ...others[0], key: 'k-z', sisId: 's-z', givenName: 'Zoe' } as Pupil], asked]) {
      await rig.import(roster)
      const values = await rig.values()
      assert.deepEqual(values.get(adaId), undecided.get(adaId), 'whoever she may be stays as she is')
      assert.deepEqual(values.get(String(created)), undone.get(String(created)))
      assert.equal((await bySisId()).get('s-8'), undefined)
      const one = await caseOf(rig, 's-8')
      assert.deepEqual([one.strength, one.decision, one.incomingRecordId], ['likely', null, null])
      assert.deepEqual(
        one.candidates.map(({ recordId }) => recordId),
        [adaId],
      )
    }
  })

  it('waits outside also when a person made her inactive before', async () => {
    const { rig, runId, adaId, undecided } = await decideAda('create')
    await rig.edit('s-8', `status = 'inactive'`)
    await rig.undo(runId)
    await rig.import(asked)
    assert.equal((await bySisId()).get('s-8'), undefined)
    assert.deepEqual((await rig.values()).get(adaId), undecided.get(adaId))
    assert.equal((await caseOf(rig, 's-8')).decision, null)
  })

  it('stays with her ids whom a person keeps active', async () => {
    const { rig, runId } = await decideAda('create')
    await rig.edit('s-8', `status = 'inactive'`)
    await rig.edit('s-8', `status = 'active'`)
    const undone = await rig.undo(runId)
    assert.deepEqual(
      undone.skipped.map(({ field, reason }) => [field, reason]),
      [['status', 'changedByPerson']],
    )
    assert.equal((await bySisId()).get('s-8')?.status, 'active')
  })

  it('is the same record when it is decided again, and each undo of that is exact', async () => {
    const { rig, runId } = await decideAda('create')
    const created = (await bySisId()).get('s-8')?.id
    await rig.undo(runId)
    await rig.import([{ ...adaAgain, homeroom: 'H88' }, brunoAgain, ...others])
    const waiting = await rig.values()
    const one = await caseOf(rig, 's-8')
    await rig.decide({ caseId: one.id, action: 'create' })
    const [again = ''] = await rig.process()
    const record = (await bySisId()).get('s-8')
    assert.deepEqual([record?.id, record?.status, record?.homeroom], [created, 'active', 'H88'])
    const decided = await rig.values()
    const undone = await rig.undo(again)
    assert.deepEqual(await rig.values(), waiting)
    assert.equal((await caseOf(rig, 's-8')).decision, null)
    await rig.undo(undone.undoId)
    assert.deepEqual(await rig.values(), decided)
    await rig.import([{ ...adaAgain, homeroom: 'H88' }, brunoAgain, ...others])
    assert.deepEqual(
      (await rig.cases()).map(({ incomingKey }) => incomingKey),
      ['s-9'],
    )
  })

  it('comes back with its ids by the undo of the undo', async () => {
    const { rig, runId, decided } = await decideAda('create')
    const undone = await rig.undo(runId)
    const preview = await rig.preview(undone.undoId)
    const redone = await rig.undo(undone.undoId)
    assert.deepEqual([preview.reverted, preview.madeInactive], [redone.reverted, redone.madeInactive])
    assert.deepEqual(await rig.values(), decided)
    await rig.undo(redone.undoId)
    assert.equal((await bySisId()).get('s-8'), undefined)
    assert.equal((await caseOf(rig, 's-8')).decision, null)
  })

  it.each(['at once', 'after the next import'])('lets a match have the ids, %s', async (when) => {
    const { rig, runId, adaId } = await decideAda('create')
    const created = String((await bySisId()).get('s-8')?.id)
    await rig.undo(runId)
    const undone = await rig.values()
    if (when !== 'at once') await rig.import([{ ...adaAgain, homeroom: 'H88' }, brunoAgain, ...others])
    const one = await caseOf(rig, 's-8')
    await rig.decide({ caseId: one.id, action: 'match', recordId: adaId })
    await rig.process()
    const record = (await bySisId()).get('s-8')
    assert.deepEqual([record?.id, record?.source_key, record?.status], [adaId, 'k-8', 'active'])
    assert.deepEqual((await rig.values()).get(created), undone.get(created))
  })

  it('is not what the next pupil becomes whom the source gives the id to', async () => {
    const { rig, runId } = await decideAda('create')
    const created = String((await bySisId()).get('s-8')?.id)
    await rig.undo(runId)
    const undone = await rig.values()
    const next: Pupil = { ...bruno, key: 'k-8', sisId: 's-8', homeroom: null }
    await rig.import([ada, next, ...others])
    const one = await caseOf(rig, 's-8')
    await rig.decide({ caseId: one.id, action: 'create' })
    await rig.process()
    const record = (await bySisId()).get('s-8')
    assert.notEqual(record?.id, created)
    assert.deepEqual([record?.given_name, record?.homeroom], ['Bruno', null])
    assert.deepEqual((await rig.values()).get(created), undone.get(created))
  })

  it('leaves an identity conflict what it was', async () => {
    const rig = withCases(district.rig)
    await rig.import(before)
    const mixed: Pupil = { ...ada, key: 'k-b' }
    await rig.import([mixed, ...others])
    const first = await caseOf(rig, 's-a')
    assert.equal(first.reason, 'keysDisagree')
    const undecided = await rig.values()
    await rig.decide({ caseId: first.id, action: 'create' })
    const [runId = ''] = await rig.process()
    await rig.undo(runId)
    await rig.import([mixed, ...others])
    const again = await caseOf(rig, 's-a')
    assert.deepEqual([again.id, again.reason, again.decision], [first.id, 'keysDisagree', null])
    for (const [id, values] of undecided) assert.deepEqual((await rig.values()).get(id), values)
  })
})
