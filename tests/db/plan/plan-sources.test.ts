import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'

/** Whose row a record follows: that of this source under this mapping, of the schools that are imported, of this run. */
const district = useEmptyRig()

const cast: readonly Pupil[] = [
  { key: 'k1', sisId: '1', homeroom: 'A1', birthDate: '2012-01-01' },
  { key: 'k2', sisId: '2', homeroom: 'A1', birthDate: '2012-02-02' },
  { key: 'k3', sisId: '3', homeroom: 'A1', school: 'south' },
]
const [first, second, third] = cast as [Pupil, Pupil, Pupil] // the cast has three

const actions = async (runId: string) =>
  (await district.rig.planRows(runId))
    .map(({ action, reason }) => (reason === null ? action : `${action} ${reason}`))
    .sort()
const statuses = async () => (await district.rig.students()).map(({ sis_id, status }) => `${sis_id} ${status}`)

/** As if another connection had brought them: not an edit, so no trigger may see it. */
async function moveToAnotherConnection(): Promise<void> {
  await district.rig.owner.query(`set session_replication_role = replica`)
  await district.rig.owner.query(`update students set connection_id = gen_random_uuid()`)
  await district.rig.owner.query(`set session_replication_role = origin`)
}

describe('a record that came in under another mapping', () => {
  it('takes the values of its row, and is absent without one', async () => {
    await district.rig.import(cast)
    const facts = { fingerprint: '42' }
    const { runId } = await district.rig.import([{ ...first, homeroom: 'B2' }, second], facts)
    assert.deepEqual(await actions(runId), ['deactivate absent', 'unchanged', 'update'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 inactive'])
  })

  it('is not changed by a supplement whose own row is not there', async () => {
    await district.rig.import(cast)
    const supplement: Pupil = { key: 'k1', birthDate: '2013-03-03', isSupplementOnly: true }
    const { runId } = await district.rig.import([supplement, second, third], { fingerprint: '42' })
    assert.deepEqual(await actions(runId), ['deactivate absent', 'unchanged', 'unchanged'])
  })
})

describe('a record that came in by another connection', () => {
  it('takes the values of its row, and is absent without one', async () => {
    await district.rig.import(cast)
    await moveToAnotherConnection()
    const { runId } = await district.rig.import([{ ...first, homeroom: 'B2' }, second])
    assert.deepEqual(await actions(runId), ['deactivate absent', 'unchanged', 'update'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 inactive'])
  })

  it('keeps no digest of a part that this source has not shown', async () => {
    await district.rig.import(cast)
    await moveToAnotherConnection()
    const bare = cast.map(({ birthDate: _, ...pupil }) => pupil)
    await district.rig.import(bare)
    const { rows } = await district.rig.owner.query('select from students where supplement_digest is not null')
    assert.equal(rows.length, 0)
  })
})

describe('an import that is limited to a school', () => {
  const limitedTo = async (sourceKey: string) => {
    const { rows } = await district.rig.owner.query<{ id: string }>('select id from orgs where source_key = $1', [
      sourceKey,
    ])
    return { settings: { schools: rows.map(({ id }) => id) } }
  }

  it('leaves alone whom the source withdraws at another one', async () => {
    await district.rig.import(cast)
    const gone = cast.map((pupil): Pupil => ({ key: pupil.key, kind: 'inactive' }))
    const { runId } = await district.rig.import(gone, await limitedTo('south'))
    assert.deepEqual(await actions(runId), ['deactivate withdrawn', 'skip otherSchool', 'skip otherSchool'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 inactive'])
  })

  it('takes who comes to it, and does not take who goes', async () => {
    await district.rig.import(cast)
    const moving = [{ ...first, school: 'south' }, second, { ...third, school: 'north' }]
    const { runId } = await district.rig.import(moving, await limitedTo('south'))
    assert.deepEqual(await actions(runId), ['skip otherSchool', 'update'])
  })
})

describe('a plan', () => {
  it('of a day on which only additions pass leaves the plans of other runs as they are', async () => {
    await district.rig.import(cast)
    const held = await district.rig.stage([{ ...first, homeroom: 'C3' }, second])
    await district.rig.plan(held)
    const planned = await actions(held)
    assert.deepEqual(planned, ['deactivate absent', 'update'])
    const { runId } = await district.rig.import([{ ...first, homeroom: 'D4' }, second], { isAdditionsOnly: true })
    assert.deepEqual(await actions(runId), ['skip additionsOnly'])
    assert.deepEqual(await actions(held), planned)
  })

  it('goes by what its own input did not show, not by what that of a run which waits did not', async () => {
    await district.rig.import(cast)
    const held = await district.rig.stage([first, third])
    await district.rig.plan(held)
    const same = await district.rig.import(cast)
    assert.deepEqual(await actions(same.runId), [])
    const rival = await district.rig.import([...cast, { key: 'k9', sisId: '2', homeroom: 'Z9' }])
    assert.deepEqual(await actions(rival.runId), ['skip sameKey'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 active'])
  })

  it('numbers who is absent behind all of its own rows, so that nobody new goes by her number', async () => {
    await district.rig.import([first, second])
    const added = Array.from({ length: 6 }, (_, index): Pupil => ({ key: `n${index}`, sisId: `9${index}` }))
    const { runId, applied } = await district.rig.import([second, ...added])
    assert.deepEqual(await actions(runId), [...Array.from({ length: 6 }, () => 'create'), 'deactivate absent'])
    assert.deepEqual([applied.create, (await district.rig.students()).length], [6, 8])
  })

  it('resolves what rows claim by its own rows, whatever those of other runs claim', async () => {
    await district.rig.import(cast)
    const rivals = [{ ...first, sisId: '77' }, { ...first, key: 'k8', homeroom: 'C3' }, second, third]
    const held = await district.rig.stage(rivals)
    await district.rig.plan(held)
    const twice = [...cast, { key: 'k5', sisId: '9' }, { key: 'k6', sisId: '9' }]
    const heldToo = await district.rig.stage(twice)
    await district.rig.plan(heldToo)
    const { runId } = await district.rig.import([
      { ...first, homeroom: 'E5' },
      second,
      third,
      { key: 'k5', sisId: '9' },
    ])
    assert.deepEqual(await actions(runId), ['create', 'update'])
    assert.deepEqual(await actions(held), ['skip identityConflict', 'skip identityConflict'])
    assert.deepEqual(await actions(heldToo), ['skip sameKey', 'skip sameKey'])
  })

  it('gives the record to the row that has all its keys, and skips the others', async () => {
    await district.rig.import(cast)
    const rows = [{ ...first, homeroom: 'F6' }, { key: 'k1', sisId: null, homeroom: 'G7' }, second, third]
    const { runId } = await district.rig.import(rows)
    assert.deepEqual(await actions(runId), ['skip sameKey', 'update'])
    assert.equal((await district.rig.students())[0]?.homeroom, 'F6')
  })

  it('lets a withdrawn row yield to the one that is not', async () => {
    await district.rig.import(cast)
    const rows: Pupil[] = [{ key: 'k1', kind: 'inactive' }, { ...first, key: 'k9', homeroom: 'H8' }, second, third]
    const { runId } = await district.rig.import(rows)
    assert.deepEqual(await actions(runId), ['skip alias', 'update'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 active'])
  })
})
