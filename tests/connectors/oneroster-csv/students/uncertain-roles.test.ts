import assert from 'node:assert/strict'
import { oneRosterCsv } from '../../../../connectors/oneroster-csv/connector.ts'
import { OneRosterCsvSettings } from '../../../../connectors/oneroster-csv/settings.ts'
import type { Finding } from '../../../../domain/import-rules/finding.ts'
import { inputOf, memoryFile } from '../../../fixtures/memory-file.ts'
import { rosterDay, RosterPackage } from '../../../fixtures/roster-package.ts'
import { makeZip } from '../../../fixtures/zip-maker.ts'

/** What a package of OneRoster 1.2 yields: error findings of users.csv, and its students with what is to become of them. */
async function extract(pack: RosterPackage): Promise<{ readonly errors: string[]; readonly students: string[] }> {
  const findings: Finding[] = []
  const students: string[] = []
  await oneRosterCsv.extract(
    {
      settings: OneRosterCsvSettings.parse({}),
      dataType: 'students',
      input: inputOf(memoryFile(makeZip(pack.members()))),
      columns: { users: ['sourcedId'], demographics: ['sourcedId'] },
      heldOrgs: [],
      today: rosterDay,
      signal: new AbortController().signal,
    },
    {
      org: () => undefined,
      record: (record) => {
        if (record.collection === 'users') students.push(`${record.key()} ${record.presence}`)
      },
      replace: () => undefined,
      finding: (finding) => findings.push(finding),
      drain: () => Promise.resolve(),
    },
  )
  const errors = findings.filter(({ file, severity }) => file === 'users.csv' && severity === 'error')
  return { errors: errors.map(({ rule, line, sourcedId }) => `${rule} ${line} ${sourcedId}`), students }
}

describe('a user whose row in roles.csv was refused', () => {
  it('is refused with a finding that names the user, for nothing says who it is', async () => {
    const pack = new RosterPackage('1.2').set('roles', 0, 'orgSourcedId', 'nowhere')
    assert.deepEqual(await extract(pack), {
      errors: ['I-09 2 student-1'],
      students: ['student-1 rejected', 'student-2 active'],
    })
  })

  it('is imported when another row says that it is a student', async () => {
    const pack = new RosterPackage('1.2')
    pack.addRow('roles', { sourcedId: 'another', roleType: 'secondary', orgSourcedId: 'nowhere' })
    assert.deepEqual(await extract(pack), { errors: [], students: ['student-1 active', 'student-2 active'] })
  })

  it('has no second finding when its own row is refused too', async () => {
    const pack = new RosterPackage('1.2').set('roles', 0, 'orgSourcedId', 'nowhere').set('users', 0, 'familyName', '')
    assert.deepEqual((await extract(pack)).errors, ['F-01 2 student-1'])
  })
})
