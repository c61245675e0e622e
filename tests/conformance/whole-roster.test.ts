import assert from 'node:assert/strict'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { checkRoster } from '../fixtures/check-roster.ts'

describe('the roster that every data type is imported from', () => {
  for (const version of ['1.1', '1.2'] as const) {
    it(`has nothing that a rule finds, in ${version}`, async () => {
      for (const profile of ['default', 'strict'] as const) {
        const { findings } = await checkRoster(makeWholeRoster(version).members(), profile)
        // A class for next year is meant to be there.
        assert.deepEqual(
          findings.filter(({ severity }) => severity !== 'info'),
          [],
        )
      }
    })
  }
})
