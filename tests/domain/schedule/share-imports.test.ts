import assert from 'node:assert/strict'
import { ImportSettings } from '../../../domain/plan/import-settings.ts'
import { shareImports } from '../../../domain/schedule/share-imports.ts'

const winter = { from: '2026-12-20', to: '2027-01-03' }
const spring = { from: '2027-04-01', to: '2027-04-09' }
const school = '0198a000-0000-7000-8000-000000000001'
const settings = (given: object) => ImportSettings.parse(given)

describe('what import settings of several data types have in common', () => {
  it('are the days that all of them have, and the schools where they are the same', () => {
    const shared = shareImports([
      settings({ blackouts: [winter, spring], additionsOnly: [spring], schools: [school] }),
      settings({ blackouts: [winter], schools: [school] }),
    ])
    assert.deepEqual(shared, { blackouts: [winter], additionsOnly: [], schools: [school] })
  })

  it('are no schools where they differ', () => {
    assert.equal(shareImports([settings({}), settings({ schools: [school] })]).schools, null)
  })

  it('is nothing that keeps a run back where there are none', () => {
    assert.deepEqual(shareImports([]), { schools: 'all', blackouts: [], additionsOnly: [] })
  })
})
