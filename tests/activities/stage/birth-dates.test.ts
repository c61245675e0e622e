import assert from 'node:assert/strict'
import { configure } from '../import/configure.ts'
import { useFeedRig } from './feed-rig.ts'

const day = '2026-11-22'

describe('birth dates that nobody at school can have', () => {
  const feed = useFeedRig()
  const night = (today: string, dates: readonly string[]) =>
    feed.night(today, { pupils: dates.map((birthDate, at) => ({ id: `src-${at}`, birthDate })), comment: today })

  it('are left out with a finding, and the students come in', async () => {
    const { run } = await night(day, [
      '1899-05-21',
      '2031-01-01',
      '2025-06-01',
      '1980-05-21',
      '2014-05-21',
      '2015-05-21',
    ])
    assert.equal(run.counts.created, 6)
    assert.deepEqual(run.findingsByRule['I-07'], { severity: 'warning', count: 4 })
    assert.deepEqual(Object.values(await feed.read('birthDate')), [null, null, null, null, '2014-05-21', '2015-05-21'])
  })

  it('are told of again, and taken when somebody has become old enough', async () => {
    const { run } = await night('2027-06-01', [
      '1899-05-21',
      '2031-01-01',
      '2025-06-01',
      '1980-05-21',
      '2014-05-21',
      '2015-05-21',
    ])
    assert.equal(run.findingsByRule['I-07']?.count, 3)
    assert.equal((await feed.read('birthDate'))['src-2'], '2025-06-01')
  })

  it('do not replace a good one, even where a blank would', async () => {
    await configure(feed.rig, { settings: { overwriteWithBlank: true } })
    await night(day, ['', '', '', '', '1914-05-21', ''])
    const dates = await feed.read('birthDate')
    assert.equal(dates['src-4'], '2014-05-21')
    assert.equal(dates['src-5'], null)
  })
})
