import assert from 'node:assert/strict'
import { checkAgreedFiles } from '../../../../../connectors/oneroster-csv/rules/manifest/agreed-files.ts'

const last = { orgs: 'bulk', users: 'bulk', demographics: 'bulk' }

describe('M-12, the files of a package', () => {
  it('are as agreed when they and their modes are those of the last one, in whatever order', () => {
    assert.equal(checkAgreedFiles({ demographics: 'bulk', users: 'bulk', orgs: 'bulk' }, last), undefined)
  })

  it('are named where one is missing, new, or sent in another mode', () => {
    const found = checkAgreedFiles({ orgs: 'delta', users: 'bulk', courses: 'bulk' }, last)
    assert.match(
      found?.message ?? '',
      /: courses\.csv is new, demographics\.csv is missing, orgs\.csv is delta and was bulk\./,
    )
  })
})
