import assert from 'node:assert/strict'
import { formatInstant } from '../../domain/format-instant.ts'

describe('an instant for people', () => {
  it('is what the clocks of the district show, with the name of their zone', () => {
    const winter = '2026-11-28T12:59:33.792Z'
    assert.equal(formatInstant(winter, 'America/Chicago'), '2026-11-28 06:59 CST')
    assert.equal(formatInstant('2026-07-01T12:00:00Z', 'America/Chicago'), '2026-07-01 07:00 CDT')
    assert.equal(formatInstant(new Date(winter), 'Europe/Berlin'), '2026-11-28 13:59 CET')
    assert.equal(formatInstant(winter, 'Australia/Sydney'), '2026-11-28 23:59 AEDT')
    assert.equal(formatInstant(winter, 'UTC'), '2026-11-28 12:59 UTC')
  })

  it('has the distance from Greenwich where the zone has no name that is known', () => {
    assert.equal(formatInstant('2026-11-28T12:00:00Z', 'Asia/Kathmandu'), '2026-11-28 17:45 GMT+5:45')
  })

  it('is of UTC where the zone does not exist, and what was given where it is no time', () => {
    assert.equal(formatInstant('2026-11-28T12:00:00Z', 'Nowhere/At All'), '2026-11-28 12:00 UTC')
    assert.equal(formatInstant('soon', 'UTC'), 'soon')
  })
})
