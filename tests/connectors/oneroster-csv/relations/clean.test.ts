import assert from 'node:assert/strict'
import { checkRelated, cleanDistrict } from '../../../fixtures/related-package.ts'

describe('the relation checks of a district in order', () => {
  for (const version of ['1.1', '1.2'] as const) {
    for (const profile of ['strict', 'default'] as const) {
      it(`say nothing and keep every row (${version}, ${profile})`, () => {
        const pack = cleanDistrict(version)
        const { findings, accepted } = checkRelated(pack, profile)
        assert.deepEqual(findings, [])
        const sizes = Object.fromEntries(Object.entries(pack.files).map(([name, records]) => [name, records.length]))
        assert.deepEqual(accepted, sizes)
      })
    }
  }
})
