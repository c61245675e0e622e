import assert from 'node:assert/strict'
import { meaningRules } from '../../../../connectors/oneroster-csv/rules/meaning/rules.ts'
import { referenceRules } from '../../../../connectors/oneroster-csv/rules/reference/rules.ts'
import { checkRelated, cleanDistrict, edit, withFiles } from '../../../fixtures/related-package.ts'

function listIds(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}-${String(index + 1).padStart(2, '0')}`)
}

describe('the lists of relation rules', () => {
  it('hold R-01 to R-10 and S-01 to S-25, each once', () => {
    assert.deepEqual(referenceRules.map(({ id }) => id).sort(), listIds('R', 10))
    assert.deepEqual(meaningRules.map(({ id }) => id).sort(), listIds('S', 25))
  })
})

describe('what relation findings say', () => {
  it('never holds a value of a person', () => {
    const pack = withFiles(cleanDistrict('1.1'), {
      users: edit('stu-2', {
        email: 'stu-1@example.org',
        identifier: '9stu-1',
        userIds: '{LDAP:stu-1}',
        agentSourcedIds: 'tea-1',
      }),
      demographics: edit('stu-1', { birthDate: '1919-03-02' }),
    })
    const { full } = checkRelated(pack, 'default')
    assert.ok(full.length >= 5)
    for (const { message } of full) assert.doesNotMatch(message, /example\.org|9stu|LDAP|1919|Given|Family|name\./)
  })
})
