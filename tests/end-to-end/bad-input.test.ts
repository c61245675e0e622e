import assert from 'node:assert/strict'
import { startTestStack } from '../harness/stack.ts'
import { RosterPackage } from '../fixtures/roster-package.ts'
import { makeManifest, smallFiles } from '../fixtures/small-package.ts'
import { makeZip, type ZipPart } from '../fixtures/zip-maker.ts'
import { DistrictOnStack } from './district-on-stack.ts'

const good = () => new RosterPackage()
const members = (pack: RosterPackage = good()): ZipPart[] => pack.members()
const without = (name: string): ZipPart[] => members().filter((part) => part.name !== name)
const usersWith = (part: Partial<ZipPart>): Buffer =>
  makeZip([...without('users.csv'), { name: 'users.csv', data: good().text('users'), ...part }])
/** Files of another product: nothing but their headers and a row of the same width counts. */
const filesOf = (headers: Readonly<Record<string, string>>): Buffer =>
  makeZip(
    Object.entries(headers).map(([name, header]) => ({
      name: `${name}.csv`,
      data: `${header}\n${header.replaceAll(/[^,]+/g, 'x')}\n`,
    })),
  )
const whole = makeZip(members())
const inWindows1252 = good()
  .set('users', 0, 'familyName', 'Müller')
  .rewrite('users', (text) => Buffer.from(text, 'latin1'))

/** What nobody should have sent, and the rule that refuses it. */
const refused: readonly (readonly [what: string, rule: string, content: () => Buffer])[] = [
  ['is no ZIP', 'Z-01', () => Buffer.from('sourcedId,givenName\n1,Ada\n')],
  ['has no byte at all', 'Z-01', () => Buffer.alloc(0)],
  ['is a ZIP that ends half-way', 'Z-01', () => whole.subarray(0, Math.floor(whole.length / 2))],
  ['is a ZIP with a damaged member', 'Z-01', () => usersWith({ local: { crc32: 1 }, central: { crc32: 1 } })],
  ['is encrypted', 'Z-01', () => usersWith({ central: { flags: 1 } })],
  ['lies about the size of a member', 'Z-01', () => usersWith({ central: { expandedBytes: 9 } })],
  ['is a bomb', 'Z-03', () => usersWith({ data: Buffer.alloc(40 * 2 ** 20) })],
  ['climbs out of its folder', 'Z-04', () => makeZip([...members(), { name: '../../etc/passwd', data: 'x' }])],
  ['has a file twice', 'Z-05', () => makeZip([...members(), { name: 'users.csv', data: 'x' }])],
  ['has a ZIP inside', 'Z-08', () => makeZip([...members(), { name: 'more.zip', data: whole }])],
  ['has no manifest', 'M-01', () => makeZip(without('manifest.csv'))],
  ['lacks the users that its manifest promises', 'M-10', () => makeZip(without('users.csv'))],
  ['has an empty users.csv', 'H-01', () => usersWith({ data: '' })],
  ['has a users.csv of nothing but its header', 'C-09', () => makeZip(members(good().clear('users')))],
  ['is in Windows-1252', 'C-01', () => makeZip(members(inWindows1252))],
  ['is in UTF-16', 'C-03', () => usersWith({ data: Buffer.from(`\ufeff${good().text('users')}`, 'utf16le') })],
  [
    'has a quote that is never closed',
    'C-04',
    () => makeZip(members(good().rewrite('users', (text) => text.replace('Ada', '"Ada')))),
  ],
  ['has a cell of 40 MB', 'C-12', () => makeZip(members(good().set('users', 0, 'middleName', noise(40 * 2 ** 20))))],
  ['lacks the column of the ids', 'H-02', () => makeZip(members(good().dropColumn('users', 'sourcedId')))],
  [
    'is OneRoster 1.0',
    'Z-12',
    () =>
      filesOf({
        orgs: 'sourcedId,status,dateLastModified,name,type,identifier,metadata.classification,parentSourcedId',
        users:
          'sourcedId,status,dateLastModified,orgSourcedIds,role,username,userId,givenName,familyName,identifier,email,sms,phone,agents',
      }),
  ],
  [
    'is Microsoft SDS v2',
    'Z-12',
    () =>
      filesOf({
        orgs: 'sourcedId,name,type,parentSourcedId',
        users: 'sourcedId,orgSourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,role,grade',
      }),
  ],
  [
    'is Microsoft SDS v2.1',
    'Z-12',
    () =>
      filesOf({
        orgs: 'sourcedId,name,type,parentSourcedId',
        users: 'sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms',
        roles: 'userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate',
      }),
  ],
  [
    'is the dump of a database',
    'Z-12',
    () =>
      filesOf({
        users: 'userId_us,sourcedId_us,status_us,givenName_us,familyName_us',
        classes: 'classId_cl,sourcedId_cl,status_cl,title_cl',
      }),
  ],
]

const stackStarted = startTestStack()

describe('a package that', () => {
  let district: DistrictOnStack
  let held: unknown
  beforeAll(async () => {
    district = await DistrictOnStack.create(await stackStarted, 'bad-input')
    const { exitCode, stderr } = await district.import(whole)
    assert.equal(exitCode, 0, stderr)
    held = await district.snapshot()
  })

  for (const [what, rule, content] of refused) {
    it(`${what} is refused by ${rule} and touches nothing`, async () => {
      const { exitCode, run, stderr } = await district.import(content())
      assert.equal(exitCode, 3, stderr)
      assert.equal(run.state, 'cancelled')
      assert.equal(run.statusText, 'Import Refused')
      assert.equal(run.failure?.code, 'INPUT_REFUSED')
      assert.ok(rule in run.findings.byRule, JSON.stringify(run.findings.byRule))
      assert.doesNotMatch(stderr, /^\s+at /m)
      assert.ok(stderr.includes(rule), 'people read the rule')
      assert.deepEqual(await district.snapshot(), held)
      assert.deepEqual(await district.loggedChanges(run.runId), { journal: {}, applied: {} })
    })
  }

  it('has two people with one id imports neither, keeps the one we hold, and takes the others', async () => {
    const twice = good()
      .addRow('users', { sourcedId: 'student-1', username: 'other', identifier: 'other', givenName: 'Other' })
      .addRow('users', {
        ...{
          sourcedId: 'student-9',
          username: 'nnovak',
          identifier: 'no-student-9',
          givenName: 'Nia',
          familyName: 'Novak',
        },
        ...{ userIds: '{LDAP:nnovak}', email: 'nnovak@north.example', phone: '', middleName: '', grades: '11' },
      })
    const { exitCode, run } = await district.import(makeZip(twice.members()))
    assert.equal(exitCode, 4)
    assert.deepEqual(
      run.alerts.map(({ kind, rule, count, new: newCount, held }) => [kind, rule, count, newCount, held]),
      [['notImported', 'R-01', 1, 0, 1]],
    )
    assert.equal(run.findings.byRule['R-01']?.severity, 'error')
    assert.deepEqual([run.counts.created, run.counts.updated, run.counts.deactivated], [1, 0, 0])
    const records = await district.records('all')
    assert.deepEqual(
      [...records.values()].map((record) => `${record['sisId']} ${record['givenName']} ${record['status']}`),
      ['no-student-1 Ada active', 'no-student-2 Ben active', 'no-student-9 Nia active'],
    )
  })

  it('is good is imported after all of them', async () => {
    const { exitCode, run } = await district.import(makeZip(good().set('users', 0, 'givenName', 'Adah').members()))
    assert.equal(exitCode, 0)
    assert.deepEqual([run.counts.updated, run.counts.deactivated], [1, 1])
  })
})

describe('a first package that is refused', () => {
  it('leaves a district as empty as it was', async () => {
    const district = await DistrictOnStack.create(await stackStarted, 'refused-first')
    const teachersOnly = good()
    teachersOnly.rows('users').splice(0, 2)
    const noSchool = good().set('orgs', 1, 'type', 'department')
    const reasons: readonly (readonly [reason: string, content: Buffer])[] = [
      ['no student in it is usable', makeZip(members(teachersOnly))],
      ['no school in it is usable', makeZip(members(noSchool))],
      ['it has no users.csv that is read', makeZip([{ name: 'manifest.csv', data: makeManifest({}) }])],
    ]
    for (const [reason, content] of reasons) {
      const { exitCode, run, stderr } = await district.import(content)
      assert.equal(exitCode, 3)
      assert.equal(run.state, 'cancelled')
      // No finding says it, so the run does.
      assert.equal(run.findings.block, 0)
      assert.equal(run.failure?.detail, `The package cannot be used: ${reason}.`)
      assert.ok(stderr.includes(reason), stderr)
    }
    assert.deepEqual(await district.snapshot(), [])
    const users = smallFiles['users.csv'] ?? ''
    const { exitCode } = await district.import(
      makeZip([
        { name: 'manifest.csv', data: makeManifest() },
        { name: 'orgs.csv', data: smallFiles['orgs.csv'] ?? '' },
        { name: 'users.csv', data: users },
      ]),
    )
    assert.equal(exitCode, 0)
    assert.equal((await district.records()).size, 1)
  })
})

/** Text that does not compress to nothing: a long cell must not look like a bomb. */
function noise(length: number): string {
  let state = 1
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = 97 + ((state >>> 24) % 26)
  }
  return bytes.toString('latin1')
}
