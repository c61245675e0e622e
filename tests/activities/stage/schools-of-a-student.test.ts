import assert from 'node:assert/strict'
import { useFeedRig } from './feed-rig.ts'

const schools = ['S1', 'S2', 'S3']
const day = '2026-11-22'

describe('a student at several schools', () => {
  const feed = useFeedRig()
  const night = async (orgs: string, others: readonly string[] = ['S1', 'S1']) => {
    const pupils = [orgs, ...others].map((list, at) => ({ id: `src-${at}`, orgs: list }))
    const { run, stagedCount } = await feed.night(day, { pupils, schools, comment: orgs.replaceAll(',', ' ') })
    return { updated: run.counts.updated, unchanged: run.counts.unchanged, stagedCount }
  }
  const school = async () => (await feed.read('school'))['src-0']

  it('is at the first that is listed', async () => {
    await night('D1,S2,S3')
    assert.equal(await school(), 'S2')
  })

  it('is not even compared when the list comes in another order', async () => {
    assert.deepEqual(await night('S3,S2,D1'), { updated: 0, unchanged: 3, stagedCount: 0 })
    assert.equal(await school(), 'S2')
  })

  it('stays while the list has the school among others', async () => {
    assert.deepEqual(await night('S1,S3,S2'), { updated: 0, unchanged: 3, stagedCount: 1 })
    assert.equal(await school(), 'S2')
    assert.deepEqual(await night('S1,S2'), { updated: 0, unchanged: 3, stagedCount: 1 })
    assert.equal(await school(), 'S2')
  })

  it('goes to the first that is listed when the school is not among them', async () => {
    assert.deepEqual(await night('S3,S1'), { updated: 1, unchanged: 2, stagedCount: 1 })
    assert.equal(await school(), 'S3')
  })

  it('keeps the school when another value changes', async () => {
    const pupils = ['S1,S3', 'S1', 'S1'].map((orgs, at) => ({
      id: `src-${at}`,
      orgs,
      givenName: at === 0 ? 'Zoë' : 'Alda',
    }))
    await feed.night(day, { pupils, schools, comment: 'name' })
    assert.equal(await school(), 'S3')
  })
})

describe('a school that is closed', () => {
  const feed = useFeedRig()

  it('has its students at their next school, with the records they had', async () => {
    const pupils = Array.from({ length: 12 }, (_, at) => ({ id: `src-${at}`, orgs: at < 6 ? 'S1' : 'S3' }))
    await feed.night(day, { pupils, schools })
    const before = await feed.read('recordId')
    // One still names the closed school: refused, and seen.
    const moved = pupils.map((pupil, at) => (pupil.orgs === 'S3' && at < 11 ? { ...pupil, orgs: 'S1' } : pupil))
    const { run } = await feed.night(day, { pupils: moved, schools: ['S1', 'S2'] })
    assert.deepEqual([run.counts.updated, run.counts.deactivated, run.counts.rejected], [5, 0, 1])
    assert.equal(run.hold, null)
    assert.deepEqual(await feed.read('recordId'), before)
    assert.equal((await feed.read('school'))['src-10'], 'S1')
  })
})
