import assert from 'node:assert/strict'
import { RosterPackage } from '../../../fixtures/roster-package.ts'
import { extract, withModes } from './extracted.ts'

const whole = { isUsable: true, isComplete: true, isDelta: false, refusal: undefined, rowsRead: 2 }
const judge = async (...given: Parameters<typeof extract>) => {
  const { isUsable, isComplete, isDelta, refusal, rowsRead } = (await extract(...given)).report
  return { isUsable, isComplete, isDelta, refusal, rowsRead }
}

describe('a package as evidence', () => {
  for (const version of ['1.1', '1.2'] as const) {
    const pack = () => new RosterPackage(version)

    it(`of ${version} is complete when it is whole, with one student too`, async () => {
      assert.deepEqual(await judge(pack().members()), whole)
      const one = pack()
      for (const file of ['users', 'demographics', 'roles']) one.rows(file).splice(1, 1)
      assert.deepEqual(await judge(withModes(one.members(), { enrollments: 'absent' })), { ...whole, rowsRead: 1 })
    })

    it(`of ${version} proves no absence with users.csv as a delta, and may bring nobody then`, async () => {
      const delta = { ...whole, isComplete: false, isDelta: true }
      const changes = (roster: RosterPackage) => withModes(roster.members(), { users: 'delta' })
      assert.deepEqual(await judge(new RosterPackage(version, 'delta').members()), delta)
      assert.deepEqual(await judge(changes(pack())), { ...delta, rowsRead: 2 })
      assert.deepEqual(await judge(changes(pack().clear('users'))), { ...delta, rowsRead: 0 })
      const held = ['school-1', 'district-1'].map((sourceKey) => ({ sourceKey, type: 'school' }))
      assert.deepEqual(await judge(withModes(pack().members(), { users: 'delta', orgs: 'absent' }), held), delta)
    })

    it(`of ${version} is refused, and says why, without users, schools or students`, async () => {
      const refused = { ...whole, isUsable: false, isComplete: false }
      assert.deepEqual(await judge(withModes(pack().members(), { users: 'absent' })), {
        ...refused,
        refusal: 'it has no users.csv that is read',
        rowsRead: 0,
      })
      const noSchool = pack().set('orgs', 1, 'type', 'department')
      assert.deepEqual(await judge(noSchool.members()), { ...refused, refusal: 'no school in it is usable' })
      const refusedSchool = pack().set('orgs', 1, 'name', '')
      assert.equal((await judge(refusedSchool.members())).refusal, 'no school in it is usable')
      const nobody = pack()
      for (const row of [0, 1]) nobody.set('users', row, 'familyName', '')
      assert.deepEqual(await judge(nobody.members()), { ...refused, refusal: 'no student in it is usable' })
    })

    it(`of ${version} that is blocked is of no use, and the finding says why`, async () => {
      const members = pack()
        .rewrite('courses', (text) => `${text}"open`)
        .members()
      const blocked = { ...whole, isUsable: false, isComplete: false }
      assert.deepEqual(await judge(members), blocked)
      assert.deepEqual(await judge(withModes(members, { users: 'absent' })), { ...blocked, rowsRead: 0 })
    })

    it(`of ${version} proves no absence when a user was refused whose id cannot be read, and only then`, async () => {
      const nameless = pack().addRow('users', { sourcedId: '', username: 'new.one' })
      assert.equal((await judge(nameless.members())).isComplete, false)
      const known = pack().addRow('users', { sourcedId: 'new', username: 'new.one', familyName: '' })
      assert.equal((await judge(known.members())).isComplete, true)
    })
  }

  it('of 1.2 proves no absence with roles.csv as a delta, or a refused role of nobody knows whom', async () => {
    const pack = () => new RosterPackage('1.2')
    const changed = pack()
    for (const row of [0, 1, 2]) changed.set('roles', row, 'status', 'active')
    for (const row of [0, 1, 2]) changed.set('roles', row, 'dateLastModified', '2025-09-01T08:00:00.000Z')
    assert.deepEqual(await judge(withModes(changed.members(), { roles: 'delta' })), { ...whole, isComplete: false })
    assert.deepEqual(await judge(withModes(pack().members(), { demographics: 'delta', courses: 'delta' })), whole)
    const unread = pack().addRow('roles', { sourcedId: 'another', userSourcedId: '' })
    assert.deepEqual(await judge(unread.members()), { ...whole, isComplete: false })
    const read = pack().addRow('roles', { sourcedId: 'another', role: 'nothing' })
    assert.deepEqual(await judge(read.members()), whole)
  })

  it('tells which ids stand for two different rows', async () => {
    const two = new RosterPackage().addRow('users', { givenName: 'Other', username: 'other' })
    two.addRow('courses', { title: 'Other' })
    const { contestedKeys } = (await extract(two.members())).report
    assert.deepEqual(contestedKeys, { users: ['student-1'], demographics: [] })
    const birth = new RosterPackage().addRow('demographics', { birthDate: '2009-01-01' })
    const ofBirth = (await extract(birth.members())).report.contestedKeys
    assert.deepEqual(ofBirth, { users: [], demographics: ['student-1'] })
  })
})

describe('what later inputs are compared with', () => {
  it('is the version, the files, and the newest change that an accepted row tells', async () => {
    const roster = new RosterPackage('1.1', 'delta')
    roster.set('users', 1, 'dateLastModified', '2025-09-03T08:00:00+02:00')
    roster.set('demographics', 0, 'dateLastModified', '2025-09-02T08:00:00.000Z')
    // Refused, and ahead of the clock.
    roster.addRow('users', { sourcedId: 'new', familyName: '', dateLastModified: '2025-09-09T08:00:00.000Z' })
    roster.set('users', 2, 'dateLastModified', '2125-09-03T08:00:00.000Z')
    const { format, files, newestChange } = (await extract(roster.members())).report
    assert.deepEqual([format, files, newestChange], ['1.1', undefined, '2025-09-03T06:00:00.000Z'])
    const bulk = (await extract(new RosterPackage('1.2').members())).report
    assert.deepEqual([bulk.format, bulk.files?.['users'], bulk.newestChange], ['1.2', 'bulk', undefined])
  })
})
