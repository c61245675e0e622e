import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import type { PackagePupil } from '../../fixtures/pupil-package.ts'
import { useFeedRig, type FeedRig } from './feed-rig.ts'

const grades = ['KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const

/** Twelve in each of two schools, from KG up; nobody is in the last class, so that nobody leaves. */
const everybody: readonly PackagePupil[] = Array.from({ length: 24 }, (_, at) => ({
  id: `src-${String(at).padStart(2, '0')}`,
  orgs: at < 12 ? 'S1' : 'S2',
  grade: grades[at % 12] ?? '',
}))

/** The same when the source has turned over: everybody one class up. */
function turned(pupils: readonly PackagePupil[]): PackagePupil[] {
  return pupils.map((pupil) => ({
    ...pupil,
    grade: grades[grades.findIndex((grade) => grade === pupil.grade) + 1] ?? '',
  }))
}

const firstYears = Object.fromEntries(everybody.map(({ id }, at) => [id, 2027 + 12 - (at % 12)]))

async function counts({ night }: FeedRig, day: string, pupils: readonly PackagePupil[], comment = day) {
  const { run, stagedCount } = await night(day, { pupils, comment })
  const { created, updated, unchanged, deactivated } = run.counts
  return { created, updated, unchanged, deactivated, stagedCount }
}

const nothing = { created: 0, updated: 0, unchanged: 24, deactivated: 0, stagedCount: 0 }
const gradesOnly = { created: 0, updated: 24, unchanged: 0, deactivated: 0, stagedCount: 24 }

describe('a feed that has not turned over on 1 July', () => {
  const feed = useFeedRig()

  it('begins with the academic year of the day', async () => {
    assert.equal((await counts(feed, '2026-11-22', everybody)).created, 24)
    assert.deepEqual(await feed.read('classYear'), firstYears)
  })

  it('changes nobody, and compares nobody, on 30 June and on 1 July', async () => {
    assert.deepEqual(await counts(feed, '2027-06-30', everybody), nothing)
    assert.deepEqual(await counts(feed, '2027-07-01', everybody), nothing)
    assert.deepEqual(await feed.read('classYear'), firstYears)
  })

  it('is recognised by its bytes in July as in June', async () => {
    const run = await feed.rig.giveRun(await feed.rig.givePupils({ pupils: everybody, comment: '2027-07-01' }))
    assert.equal((await feed.rig.step('openRun', run)).isUnchanged, true)
  })

  it('gives whoever comes in July a class year of its own year', async () => {
    await feed.night('2027-07-02', { pupils: [...everybody, { id: 'src-90', grade: '12' }], comment: 'new' })
    assert.equal((await feed.read('classYear'))['src-90'], 2027)
  })

  it('keeps all class years when it turns over in August, and corrects who repeats a class', async () => {
    const pupils = turned(everybody).map((pupil) => (pupil.id === 'src-03' ? { ...pupil, grade: '03' } : pupil))
    const after = await counts(feed, '2027-08-15', pupils)
    assert.deepEqual([after.updated, after.unchanged, after.deactivated], [24, 0, 1])
    const { 'src-90': _left, ...years } = await feed.read('classYear')
    assert.deepEqual(years, { ...firstYears, 'src-03': (firstYears['src-03'] ?? 0) + 1 })
  })

  it('is known by its digests after that', async () => {
    const pupils = turned(everybody).map((pupil) => (pupil.id === 'src-03' ? { ...pupil, grade: '03' } : pupil))
    assert.deepEqual(await counts(feed, '2027-08-16', pupils), nothing)
  })
})

describe('a feed that turns over before the date', () => {
  const feed = useFeedRig()

  it('changes grades and no class year', async () => {
    await counts(feed, '2026-11-22', everybody)
    assert.deepEqual(await counts(feed, '2027-06-20', turned(everybody)), gradesOnly)
    assert.deepEqual(await feed.read('classYear'), firstYears)
    assert.equal((await feed.read('gradeLevel'))['src-00'], '01')
    assert.deepEqual(await counts(feed, '2027-07-02', turned(everybody)), nothing)
  })

  it('goes on from there a year later', async () => {
    const next = turned(turned(everybody)).filter(({ grade }) => grade !== '')
    assert.deepEqual((await counts(feed, '2028-08-20', next)).updated, 22)
    assert.deepEqual(await feed.read('classYear'), firstYears)
  })

  it('goes back with a feed of the year before, whatever people changed in between', async () => {
    await withDistrict(feed.rig.db, feed.rig.districtId, (trx) =>
      sql`update students set grade_level = '01' where source_key = 'src-00'`.execute(trx),
    )
    await counts(feed, '2028-08-21', turned(everybody), 'last year')
    assert.deepEqual(await feed.read('classYear'), firstYears)
  })
})

describe('a feed that turns over school by school', () => {
  const feed = useFeedRig()
  const half = (day: string, school: string, repeating: readonly string[] = []) =>
    counts(
      feed,
      day,
      everybody.map((pupil) =>
        pupil.orgs === school && !repeating.includes(pupil.id) ? (turned([pupil])[0] ?? pupil) : pupil,
      ),
    )

  it('keeps the class years of the school that is early and of the one that is late', async () => {
    await counts(feed, '2026-11-22', everybody)
    const early = await half('2027-06-20', 'S2', ['src-13'])
    assert.equal(early.updated, 11)
    assert.deepEqual(await feed.read('classYear'), firstYears)
  })

  it('sees who repeated a class when the other has turned over too', async () => {
    const pupils = turned(everybody).map((pupil) => (pupil.id === 'src-13' ? (everybody[13] ?? pupil) : pupil))
    await counts(feed, '2027-08-15', pupils)
    assert.deepEqual(await feed.read('classYear'), { ...firstYears, 'src-13': (firstYears['src-13'] ?? 0) + 1 })
  })

  it('gives one who skips a class an earlier year', async () => {
    const skipping = turned(everybody).map((pupil) =>
      pupil.id === 'src-05' ? { ...pupil, grade: '07' } : pupil.id === 'src-13' ? (everybody[13] ?? pupil) : pupil,
    )
    assert.equal((await counts(feed, '2027-09-10', skipping)).updated, 1)
    assert.equal((await feed.read('classYear'))['src-05'], (firstYears['src-05'] ?? 0) - 1)
  })
})

describe('a feed of changes only', () => {
  const feed = useFeedRig()
  const delta = (day: string, pupils: readonly PackagePupil[]) =>
    feed.night(day, { pupils, isDelta: true, comment: day })

  it('is of the year of the records, whatever the day, while few of them change', async () => {
    await counts(feed, '2026-11-22', everybody)
    await delta('2027-07-05', [
      { ...everybody[4], id: 'src-04', grade: '04', givenName: 'Other' },
      { id: 'src-91', grade: '12' },
    ])
    const years = await feed.read('classYear')
    assert.equal(years['src-91'], 2027)
    assert.equal(years['src-04'], firstYears['src-04'])
  })

  it('turns over with most of the records', async () => {
    await delta('2027-08-15', turned(everybody))
    const { 'src-91': graduate, ...years } = await feed.read('classYear')
    assert.equal(graduate, 2027)
    assert.deepEqual(years, firstYears)
  })
})

describe('a district that nobody is held of any more', () => {
  const feed = useFeedRig()

  it('begins anew with the year of the day', async () => {
    await counts(feed, '2026-11-22', everybody)
    await withDistrict(feed.rig.db, feed.rig.districtId, (trx) =>
      sql`update students set status = 'inactive'`.execute(trx),
    )
    await feed.night('2029-09-01', { pupils: [{ id: 'src-95', grade: '12' }], comment: 'anew' })
    assert.equal((await feed.read('classYear'))['src-95'], 2030)
  })
})
