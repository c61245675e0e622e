import assert from 'node:assert/strict'
import { derivePauseMs } from '../../../api/schedule/derive-pause.ts'

describe('the rest between two looks at every district', () => {
  it('is as long as it was asked to be while a look is quick', () => {
    assert.equal(derivePauseMs(5_000, 40), 5_000)
  })

  it('is twenty times as long as a look that takes longer', () => {
    assert.equal(derivePauseMs(5_000, 1_000), 20_000)
  })

  it('is never longer than a minute, so that what was found late does not wait the longer', () => {
    assert.equal(derivePauseMs(5_000, 600_000), 60_000)
  })
})
