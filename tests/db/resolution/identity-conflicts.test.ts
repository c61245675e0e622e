import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withCases, type CaseRig } from './case-rig.ts'

const district = useEmptyRig()

const given = ['Ada', 'Bruno', 'Carmen', 'Dario', 'Edda', 'Farid']
const family = ['Achterberg', 'Birch', 'Cobb', 'Dorn', 'Eklund', 'Fofana']
const pupils: readonly Pupil[] = given.map((givenName, index) => ({
  ...{ key: `k-${index}`, sisId: `s-${index}`, givenName, familyName: family[index] ?? '' },
  ...{ email: `${givenName}@north.example`, birthDate: `201${index}-0${index + 1}-11`, homeroom: `H${index}` },
}))
const [ada, bruno, carmen, dario, ...rest] = pupils as [Pupil, Pupil, Pupil, Pupil, Pupil, Pupil] // there are six
const exchanged = [{ ...ada, sisId: 's-1' }, { ...bruno, sisId: 's-0' }, carmen, dario, ...rest]
/** The ids of the first four move on to the next. */
const ring = [ada, bruno, carmen, dario].map((pupil, index) => ({ ...pupil, sisId: `s-${(index + 1) % 4}` }))

const byKey = async () => new Map((await district.rig.students()).map((row) => [row.source_key, row]))
/** Who bears which id: given name and birth date tell whether a record is of one person. */
const who = async () =>
  (await district.rig.students()).map(
    ({ sis_id, source_key, given_name, birth_date, status }) =>
      `${sis_id} ${source_key} ${given_name} ${birth_date ?? ''} ${status}`,
  )

async function only(rig: CaseRig) {
  const cases = await rig.cases()
  assert.equal(cases.length, 1)
  return cases[0]!
}

async function start() {
  const rig = withCases(district.rig)
  await rig.import(pupils)
  return { rig, before: await rig.values(), held: await byKey(), names: await who() }
}

describe('two pupils whose ids were exchanged', () => {
  it('are one case with both records, and neither changes', async () => {
    const { rig, before, held } = await start()
    await rig.import(exchanged)
    const one = await only(rig)
    assert.deepEqual([one.reason, one.strength, one.incomingKey], ['keysDisagree', 'likely', 's-0'])
    const candidates = one.candidates.map(({ recordId, byKey: key }) => [recordId, key])
    // Of the row with id s-0, which is Bruno's by all but that id.
    assert.deepEqual(candidates, [
      [held.get('k-1')?.id, 'sourceKey'],
      [held.get('k-0')?.id, 'sisId'],
    ])
    assert.ok(one.candidates[0]!.score > 0.9 && one.candidates[1]!.score < 0.1)
    assert.deepEqual(await rig.values(), before)
    await rig.import(exchanged)
    assert.equal((await only(rig)).id, one.id, 'the next run takes the case over')
    assert.deepEqual(await rig.values(), before)
  })

  it('really exchanged their numbers, if a person says so, in one step', async () => {
    const { rig, before, held } = await start()
    await rig.import(exchanged)
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'exchange' })
    const [runId = ''] = await rig.process()
    assert.deepEqual((await byKey()).get('k-0')?.id, held.get('k-0')?.id)
    assert.deepEqual((await who()).slice(0, 2), ['s-0 k-1 Bruno 2011-02-11 active', 's-1 k-0 Ada 2010-01-11 active'])
    assert.deepEqual(await rig.cases(), [])
    const settled = await rig.values()
    await rig.import(exchanged)
    assert.deepEqual([await rig.values(), await rig.cases()], [settled, []], 'the same feed has nothing left to say')
    const undone = await rig.undo(runId)
    assert.deepEqual(undone.skipped, [])
    assert.deepEqual(await rig.values(), before)
  })

  it('are whom the ids name, if a person says so: all values go with the id', async () => {
    const { rig, held } = await start()
    await rig.import(exchanged)
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'match', recordId: held.get('k-0')?.id ?? '' })
    await rig.process()
    assert.equal((await byKey()).get('k-1')?.id, held.get('k-0')?.id)
    assert.deepEqual(
      (await who()).slice(0, 2),
      ['s-0 k-1 Bruno 2011-02-11 active', 's-1 k-0 Ada 2010-01-11 active'],
      'no record holds values of two',
    )
  })

  it('stay as they are when the feed is wrong, are not asked about again, and are told of', async () => {
    const { rig, before } = await start()
    await rig.import(exchanged)
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'leave' })
    assert.deepEqual(await rig.process(), [])
    const runId = await rig.import(exchanged)
    assert.deepEqual([await rig.cases(), await rig.values()], [[], before])
    const { rows } = await district.rig.owner.query(
      'select rule, line from run_findings where run_id = $1 order by line',
      [runId],
    )
    assert.deepEqual(rows, [
      { rule: 'I-12', line: 2 },
      { rule: 'I-12', line: 3 },
    ])
    await rig.unmerge(one.id)
    await rig.import(exchanged)
    assert.equal((await only(rig)).reason, 'keysDisagree', 'taken back, it is asked again')
    await rig.import(pupils)
    assert.deepEqual([await rig.cases(), await rig.values()], [[], before], 'the source mended it')
  })

  it('cannot both be new, and are not decided by half', async () => {
    const { rig } = await start()
    await rig.import(exchanged)
    const one = await only(rig)
    const { refused } = await rig.decide({ caseId: one.id, action: 'create' })
    assert.match(refused[0]?.reason ?? '', /decided together/)
  })

  it('lose their decision when others have joined them', async () => {
    const { rig } = await start()
    await rig.import([{ ...ada, sisId: 's-1' }, bruno, carmen, dario, ...rest].filter((pupil) => pupil !== bruno))
    const alone = await only(rig)
    await rig.decide({ caseId: alone.id, action: 'create' })
    await rig.import([{ ...ada, sisId: 's-1' }, { ...bruno, sisId: 's-2' }, dario, ...rest])
    const together = (await rig.cases()).find(({ id }) => id === alone.id)
    assert.equal(together?.decision, null)
  })
})

describe('ids that moved on to the next pupil', () => {
  it('are one case for all of them, and hold the run as soon as they are five', async () => {
    const { rig, before } = await start()
    await rig.import([...ring, ...rest])
    const one = await only(rig)
    const { rows } = await district.rig.owner.query('select incoming_key from case_members order by 1')
    assert.deepEqual(
      [one.incomingKey, ...rows.map((row: { incoming_key: string }) => row.incoming_key)],
      ['s-0', 's-1', 's-2', 's-3'],
    )
    assert.deepEqual(await rig.values(), before)
    await rig.decide({ caseId: one.id, action: 'exchange' })
    await rig.process()
    assert.deepEqual((await who()).slice(0, 4), [
      's-0 k-3 Dario 2013-04-11 active',
      's-1 k-0 Ada 2010-01-11 active',
      's-2 k-1 Bruno 2011-02-11 active',
      's-3 k-2 Carmen 2012-03-11 active',
    ])
  })

  it('hold the run at five, and not again once it was approved', async () => {
    const { rig } = await start()
    const all = pupils.map((pupil, index) => ({ ...pupil, sisId: `s-${(index + 1) % pupils.length}` }))
    const runId = await district.rig.stage(all)
    const { metLimits, keptBack } = await district.rig.plan(runId)
    assert.deepEqual(
      metLimits.map(({ limit, scope, count }) => `${scope} ${limit} ${count}`),
      ['district identityConflicts 6', 'school identityConflicts 6'],
    )
    assert.equal(keptBack, 'all')
    await rig.import(all)
    const again = await district.rig.plan(await district.rig.stage(all))
    assert.deepEqual(again.metLimits, [])
  })
})

describe('an id that leads to somebody else', () => {
  it('is a case when a sibling comes with it, and the one who left stays meanwhile', async () => {
    const { rig, before } = await start()
    const sibling = {
      ...{ key: 'k-9', sisId: 's-0', givenName: 'Otto', familyName: 'Achterberg' },
      ...{ email: 'otto@north.example', birthDate: '2014-09-30' },
    }
    await rig.import([sibling, bruno, carmen, dario, ...rest])
    const one = await only(rig)
    assert.equal(one.reason, 'idReused')
    assert.deepEqual(await rig.values(), before)
    await rig.decide({ caseId: one.id, action: 'create' })
    await rig.process()
    const records = await byKey()
    assert.equal(records.get('k-9')?.given_name, 'Otto')
    assert.equal(records.get('k-0')?.given_name, 'Ada')
    assert.notEqual(records.get('k-9')?.id, records.get('k-0')?.id)
  })

  it('is believed when the same child comes back under another source key', async () => {
    const { rig, held } = await start()
    await rig.import([{ ...ada, key: 'k-9', homeroom: 'Z1' }, bruno, carmen, dario, ...rest])
    const record = (await byKey()).get('k-9')
    assert.deepEqual([record?.id, record?.homeroom, await rig.cases()], [held.get('k-0')?.id, 'Z1', []])
  })

  it('is one case with both when a pupil gets the id of one who leaves the same day', async () => {
    const { rig, before, held } = await start()
    await rig.import([{ ...bruno, sisId: 's-0' }, carmen, dario, ...rest])
    const one = await only(rig)
    assert.deepEqual(
      new Set(one.candidates.map(({ recordId }) => recordId)),
      new Set([held.get('k-0')?.id, held.get('k-1')?.id]),
    )
    assert.deepEqual(await rig.values(), before)
    await rig.decide({ caseId: one.id, action: 'exchange' }).then(({ refused }) => assert.equal(refused.length, 1))
    await rig.decide({ caseId: one.id, action: 'match', recordId: held.get('k-1')?.id ?? '' })
    await rig.process()
    const names = await who()
    assert.ok(names.includes('s-0 k-1 Bruno 2011-02-11 active'))
    assert.equal(names.filter((name) => name.includes(' k-1 ')).length, 1, 'one record has the source key')
    await rig.import([{ ...bruno, sisId: 's-0' }, carmen, dario, ...rest])
    const gone = (await district.rig.students()).find(({ given_name }) => given_name === 'Ada')
    assert.deepEqual([gone?.status, await rig.cases()], ['inactive', []])
  })

  it('is a case when it was given away by a merge, and somebody else comes under it', async () => {
    const { rig } = await start()
    await rig.import([...pupils, { ...ada, key: 'k-9', sisId: 's-9' }])
    const twice = await only(rig)
    await rig.decide({ caseId: twice.id, action: 'match', recordId: twice.candidates[0]?.recordId ?? '' })
    await rig.process()
    const merged = await who()
    // Bruno comes under the id that Ada had before.
    await rig.import([{ ...ada, key: 'k-9', sisId: 's-9' }, { ...bruno, sisId: 's-0' }, carmen, dario, ...rest])
    assert.equal((await only(rig)).reason, 'keysDisagree')
    assert.deepEqual(await who(), merged)
  })

  it('brings all rows of the person along, also the one that is as it was', async () => {
    const { rig, held } = await start()
    // Carmen's source key goes to Dario's record: her row of the supplement is the very same.
    await rig.import([{ ...carmen, sisId: 's-3' }, ada, bruno, ...rest])
    const one = await only(rig)
    await rig.decide({ caseId: one.id, action: 'match', recordId: held.get('k-3')?.id ?? '' })
    await rig.process()
    assert.ok((await who()).includes('s-3 k-2 Carmen 2012-03-11 active'))
  })
})

describe('a row without its first id', () => {
  it('updates the record that has its source key, keeps the id and says so, every time', async () => {
    const { rig, held } = await start()
    const blank = { ...ada, sisId: null, homeroom: 'Z9' }
    for (let run = 0; run < 2; run++) {
      const runId = await rig.import([blank, bruno, carmen, dario, ...rest])
      const record = (await byKey()).get('k-0')
      assert.deepEqual([record?.id, record?.sis_id, record?.homeroom], [held.get('k-0')?.id, 's-0', 'Z9'])
      const { rows } = await district.rig.owner.query('select rule, "column" from run_findings where run_id = $1', [
        runId,
      ])
      assert.deepEqual(rows, [{ rule: 'I-13', column: 'sisId' }])
    }
  })

  it('is not imported when nobody has its source key', async () => {
    const { rig, before } = await start()
    const runId = await rig.import([...pupils, { ...ada, key: 'k-9', sisId: null }])
    assert.deepEqual(await rig.values(), before)
    const { rows } = await district.rig.owner.query('select rule, "column" from run_findings where run_id = $1', [
      runId,
    ])
    assert.deepEqual(rows, [{ rule: 'I-03', column: 'sisId' }])
  })
})

describe('somebody who has left, and whose id another one has now', () => {
  it('stays inactive when a person says that the new one is somebody else, and in the undo of that', async () => {
    const { rig, held } = await start()
    await rig.import([ada, carmen, dario, ...rest])
    await rig.import([ada, { ...carmen, key: 'k-1', sisId: 's-1' }, dario, ...rest])
    const left = await rig.values()
    const brunoId = held.get('k-1')?.id ?? ''
    assert.equal(left.get(brunoId)?.['status'], 'inactive')
    for (const { id } of await rig.cases()) await rig.decide({ caseId: id, action: 'create' })
    const [runId = ''] = await rig.process()
    const bruno = async () => (await rig.values()).get(brunoId)
    assert.deepEqual([(await bruno())?.['status'], (await bruno())?.['sis_id']], ['inactive', `s-1~${brunoId}`])
    const { undoId } = await rig.undo(runId)
    assert.deepEqual(await bruno(), left.get(brunoId))
    await rig.undo(undoId)
    assert.equal((await bruno())?.['status'], 'inactive')
  })
})
