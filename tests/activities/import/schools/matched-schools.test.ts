import assert from 'node:assert/strict'
import { configure } from '../configure.ts'
import { sql } from 'kysely'
import { withDistrict } from '../../../../db/database.ts'
import type { PackagePupil } from '../../../fixtures/pupil-package.ts'
import { useFeedRig, type FeedRig } from '../../stage/feed-rig.ts'
import { changeSchoolsOf, ourSchool, readSkips } from './school-changes.ts'

/** Four at each of two schools. */
const everybody: readonly PackagePupil[] = Array.from({ length: 8 }, (_, at) => ({
  id: `p${at}`,
  orgs: at < 4 ? 'S1' : 'S2',
  givenName: ['Alda', 'Brisa', 'Corin', 'Dunya', 'Emrys', 'Fenna', 'Gildo', 'Hesta'][at] ?? '',
  familyName: 'Birkmoor',
}))
const without = (...ids: readonly string[]) => everybody.filter(({ id }) => !ids.includes(id))
const moved = (id: string, orgs: string) => everybody.map((pupil) => (pupil.id === id ? { ...pupil, orgs } : pupil))

let nights = 0
/** One more night of a feed; what it did, with what was left to compare. */
async function night(feed: FeedRig, pupils: readonly PackagePupil[] = everybody, schools?: readonly string[]) {
  const comment = `night ${++nights}`
  const { run, stagedCount } = await feed.night('2026-11-22', { pupils, comment, ...(schools && { schools }) })
  const { created, updated, deactivated, reactivated, unchanged, skipped } = run.counts
  return { created, updated, deactivated, reactivated, unchanged, skipped, stagedCount, findings: run.findingsByRule }
}

/** How many are active at each of ours. */
async function active(feed: FeedRig): Promise<Record<string, number>> {
  const schools: Record<string, number> = {}
  for (const { school, status } of await feed.pupils()) {
    if (status === 'active') schools[school] = (schools[school] ?? 0) + 1
  }
  return schools
}

describe('a school of a source that is matched', () => {
  const feed = useFeedRig()

  it('was made from the package of a new district, and the next night compares nothing', async () => {
    assert.equal((await night(feed)).created, 8)
    const { unchanged, stagedCount } = await night(feed)
    assert.deepEqual([unchanged, stagedCount], [8, 0])
  })

  it('can be left out: its rows are skipped and counted, and nobody is deactivated for it', async () => {
    assert.equal(await changeSchoolsOf(feed.rig, [{ action: 'leaveOut', sourceKey: 'S2' }]), 1)
    const first = await night(feed)
    assert.deepEqual([first.skipped, first.unchanged, first.deactivated], [4, 4, 0])
    assert.deepEqual(await readSkips(feed.rig), ['School S2 leftOut: 4 rows, 4 held'])
    assert.deepEqual(first.findings['I-32'], { severity: 'info', count: 1 })
    assert.deepEqual(await active(feed), { S1: 4, S2: 4 })
    // Those of the matched school are known by their digests again.
    assert.equal((await night(feed)).stagedCount, 4)
  })

  it('proves no absence while it is left out', async () => {
    const { deactivated, skipped } = await night(feed, without('p0', 'p6', 'p7'))
    assert.deepEqual([deactivated, skipped], [1, 2])
    assert.deepEqual(await active(feed), { S1: 3, S2: 4 })
  })

  it('keeps even whom the source withdraws', async () => {
    const { deactivated } = await night(
      feed,
      moved('p7', 'S2').map((pupil) => (pupil.id === 'p7' ? { ...pupil, status: 'tobedeleted' } : pupil)),
    )
    assert.equal(deactivated, 0)
    assert.deepEqual(await active(feed), { S1: 4, S2: 4 })
  })

  it('takes what the source says when it is matched again', async () => {
    await changeSchoolsOf(feed.rig, [{ action: 'match', sourceKey: 'S2', schoolId: await ourSchool(feed.rig, 'S2') }])
    const { deactivated, unchanged, skipped } = await night(feed, without('p6'))
    assert.deepEqual([deactivated, unchanged, skipped], [1, 7, 0])
    assert.deepEqual(await readSkips(feed.rig), [])
  })
})

describe('a student who moves', () => {
  const feed = useFeedRig()

  it('to a school that is not matched stays where she is, and is counted', async () => {
    await night(feed)
    await changeSchoolsOf(feed.rig, [{ action: 'unmatch', sourceKey: 'S2' }])
    const { deactivated, skipped, findings } = await night(feed, moved('p0', 'S2'))
    assert.deepEqual([deactivated, skipped], [0, 5])
    assert.deepEqual(await readSkips(feed.rig), ['School S2 notMatched: 5 rows, 5 held'])
    assert.deepEqual(findings['I-31'], { severity: 'warning', count: 1 })
    assert.equal((await feed.read('school'))['p0'], 'S1')
    assert.equal((await feed.read('status'))['p0'], 'active')
  })

  it('from one that is not matched to one that is goes there', async () => {
    const { updated } = await night(feed, moved('p7', 'S1'))
    assert.equal(updated, 1)
    assert.equal((await feed.read('school'))['p7'], 'S1')
  })

  it('between two of which she goes to both belongs to the one that is matched', async () => {
    await night(feed, moved('p0', 'S2,S1'))
    assert.equal((await feed.read('school'))['p0'], 'S1')
    await night(feed, [...everybody, { id: 'p9', orgs: 'S2,S1' }])
    assert.equal((await feed.read('school'))['p9'], 'S1')
  })

  it('is not made again by the source, where somebody took the match back', async () => {
    const { created, skipped } = await night(feed, [...everybody, { id: 'p10', orgs: 'S2' }])
    assert.deepEqual([created, skipped], [0, 5])
  })
})

describe('schools that change their places', () => {
  const feed = useFeedRig()

  it('exchange ours in one change', async () => {
    await night(feed)
    const [one, two] = [await ourSchool(feed.rig, 'S1'), await ourSchool(feed.rig, 'S2')]
    const exchange = [
      { action: 'match', sourceKey: 'S1', schoolId: two },
      { action: 'match', sourceKey: 'S2', schoolId: one },
    ] as const
    assert.equal(await changeSchoolsOf(feed.rig, exchange), 2)
    assert.equal(await changeSchoolsOf(feed.rig, exchange), 0)
    assert.equal((await night(feed)).updated, 8)
    assert.equal((await feed.read('school'))['p0'], 'S2')
  })

  it('cannot have one of ours together', async () => {
    const held = await ourSchool(feed.rig, 'S1')
    assert.deepEqual(await changeSchoolsOf(feed.rig, [{ action: 'match', sourceKey: 'S1', schoolId: held }]), {
      kind: 'taken',
      schoolId: held,
      sourceKey: 'S1',
      by: 'S2',
    })
    const twice = ['S1', 'D1'].map((sourceKey) => ({ action: 'match' as const, sourceKey, schoolId: held }))
    const refused = await changeSchoolsOf(feed.rig, [{ action: 'leaveOut', sourceKey: 'S2' }, ...twice])
    assert.deepEqual(refused, { kind: 'taken', schoolId: held, sourceKey: 'D1', by: 'S1' })
    // None of it was done.
    assert.equal((await night(feed)).unchanged, 8)
  })

  it('cannot be some that nobody knows, or one twice', async () => {
    const nobody = '0198a000-0000-7000-8000-00000000dead'
    assert.deepEqual(await changeSchoolsOf(feed.rig, [{ action: 'leaveOut', sourceKey: 'S9' }]), {
      kind: 'notShown',
      sourceKey: 'S9',
    })
    assert.deepEqual(await changeSchoolsOf(feed.rig, [{ action: 'match', sourceKey: 'S1', schoolId: nobody }]), {
      kind: 'notOurs',
      schoolId: nobody,
    })
    const twice = [
      { action: 'leaveOut', sourceKey: 'S1' },
      { action: 'unmatch', sourceKey: 'S1' },
    ] as const
    assert.deepEqual(await changeSchoolsOf(feed.rig, twice), { kind: 'namedTwice', sourceKey: 'S1' })
  })

  it('is not created under a key that one of ours has', async () => {
    await changeSchoolsOf(feed.rig, [{ action: 'unmatch', sourceKey: 'S2' }])
    const obstacle = await changeSchoolsOf(feed.rig, [{ action: 'create', sourceKey: 'S2' }])
    assert.deepEqual(obstacle, { kind: 'keyIsHeld', sourceKey: 'S2', schoolId: await ourSchool(feed.rig, 'S2') })
  })
})

describe('a source whose new schools wait', () => {
  const feed = useFeedRig()
  const ask = (newSchools: 'ask' | 'create') =>
    withDistrict(feed.rig.db, feed.rig.districtId, (trx) =>
      sql`update connections set new_schools = ${newSchools}`.execute(trx),
    )

  it('brings nobody until they are created or matched', async () => {
    await ask('ask')
    const { created, skipped } = await night(feed)
    assert.deepEqual([created, skipped], [0, 8])
    assert.deepEqual(await readSkips(feed.rig), [
      'School S1 notMatched: 4 rows, 0 held',
      'School S2 notMatched: 4 rows, 0 held',
    ])
    await changeSchoolsOf(feed.rig, [{ action: 'create', sourceKey: 'S1' }])
    assert.equal((await night(feed)).created, 4)
    assert.deepEqual(await active(feed), { S1: 4 })
  })

  it('makes them when they need not wait any more, also for whoever came in without one', async () => {
    await night(feed, [...everybody, { id: 'p9', orgs: 'S1,S2' }])
    await ask('create')
    assert.equal((await night(feed, [...everybody, { id: 'p9', orgs: 'S1,S2' }])).created, 4)
    // What was read while it waited is looked at once more.
    assert.equal((await night(feed, [...everybody, { id: 'p9', orgs: 'S1,S2' }])).stagedCount, 9)
    assert.equal((await night(feed, [...everybody, { id: 'p9', orgs: 'S1,S2' }])).stagedCount, 0)
  })
})

describe('a school that the source has no more', () => {
  const feed = useFeedRig()

  it('stays matched, so that its students are missed, and is known to be gone', async () => {
    await night(feed)
    const { deactivated } = await night(feed, without('p4', 'p5', 'p6', 'p7'), ['S1'])
    assert.equal(deactivated, 4)
    const gone = await feed.rig.ask(
      `select source_key, state, gone_since is not null as is_gone from connection_schools order by 1`,
    )
    assert.deepEqual(gone, [
      { source_key: 'D1', state: 'matched', is_gone: false },
      { source_key: 'S1', state: 'matched', is_gone: false },
      { source_key: 'S2', state: 'matched', is_gone: true },
    ])
    assert.equal((await night(feed)).reactivated, 4)
  })
})

describe('an import of chosen schools', () => {
  const feed = useFeedRig()
  const choose = (schools: 'all' | string[]) => configure(feed.rig, { settings: { schools } })

  it('skips the others and counts them, and proves nobody of them absent', async () => {
    await night(feed)
    await choose([await ourSchool(feed.rig, 'S1')])
    const { skipped, deactivated, updated } = await night(feed, without('p0', 'p7'))
    assert.deepEqual([skipped, deactivated, updated], [3, 1, 0])
    assert.deepEqual(await readSkips(feed.rig), ['School S2 notChosen: 3 rows, 3 held'])
  })

  it('does something else with the same bytes when only the choice is another', async () => {
    const input = await feed.rig.givePupils({ pupils: without('p0', 'p7'), comment: 'the same' })
    const bring = async () => {
      const run = await feed.rig.giveRun(input)
      const { isUnchanged } = await feed.rig.step('openRun', run)
      if (isUnchanged) return 'unchanged'
      await feed.rig.step('stageRun', run)
      await feed.rig.step('buildPlan', run)
      await feed.rig.step('applyPlan', { ...run, part: 'all' })
      await feed.rig.close(run, { kind: 'applied' })
      const { deactivated, skipped, unchanged } = (await feed.rig.readRun(run)).counts
      return { deactivated, skipped, unchanged }
    }
    assert.deepEqual(await bring(), { deactivated: 0, skipped: 3, unchanged: 3 })
    assert.equal(await bring(), 'unchanged')
    await choose('all')
    assert.deepEqual(await bring(), { deactivated: 1, skipped: 0, unchanged: 6 })
    assert.equal(await bring(), 'unchanged')
    await changeSchoolsOf(feed.rig, [{ action: 'leaveOut', sourceKey: 'S1' }])
    assert.deepEqual(await bring(), { deactivated: 0, skipped: 3, unchanged: 3 })
  })
})

describe('the steps of a run with a school that is left out', () => {
  const feed = useFeedRig()

  it('leave the same behind when each is repeated', async () => {
    await night(feed)
    await changeSchoolsOf(feed.rig, [{ action: 'leaveOut', sourceKey: 'S2' }])
    const run = await feed.rig.giveRun(await feed.rig.givePupils({ pupils: moved('p0', 'S2'), comment: 'twice' }))
    for (const step of ['openRun', 'stageRun', 'stageRun', 'buildPlan', 'buildPlan'] as const) {
      await feed.rig.step(step, run)
    }
    assert.deepEqual(await readSkips(feed.rig), ['School S2 leftOut: 5 rows, 5 held'])
    assert.deepEqual((await feed.rig.readRun(run)).findingsByRule['I-32'], { severity: 'info', count: 1 })
  })
})
