import assert from 'node:assert/strict'
import { inventDistrict, type District } from '../../../simulators/invented-district/invent-district.ts'
import { eachOf, type Listing } from '../../../simulators/invented-district/listing.ts'
import type { RosterRecord, User } from '../../../simulators/invented-district/records.ts'

const request = { seed: 11, students: 1000 }
const day1 = inventDistrict(request)
const day2 = inventDistrict({ ...request, day: 2 })

const all = <R>(listing: Listing<R>): R[] => [...eachOf(listing)]
const active = <R extends RosterRecord>(listing: Listing<R>): R[] =>
  all(listing).filter(({ status }) => status === 'active')
const idsOf = (listing: Listing<RosterRecord>) => new Set(active(listing).map(({ sourcedId }) => sourcedId))

/** References of active records that lead to nothing active. */
function listDangling(district: District): string[] {
  const [orgs, sessions] = [idsOf(district.orgs), idsOf(district.academicSessions)]
  const [courses, classes, users] = [idsOf(district.courses), idsOf(district.classes), idsOf(district.users)]
  const [items, categories] = [idsOf(district.lineItems), idsOf(district.categories)]
  const lost = (kind: string, known: ReadonlySet<string>, refs: readonly string[]) =>
    refs.filter((ref) => ref !== '' && !known.has(ref)).map((ref) => `${kind} ${ref}`)
  return [
    ...active(district.orgs).flatMap((org) => lost('org', orgs, [org.parent, ...org.children])),
    ...active(district.academicSessions).flatMap((one) => lost('session', sessions, [one.parent, ...one.children])),
    ...active(district.courses).flatMap((course) => [
      ...lost('org', orgs, [course.org]),
      ...lost('session', sessions, [course.schoolYear]),
    ]),
    ...active(district.classes).flatMap((one) => [
      ...lost('course', courses, [one.course]),
      ...lost('org', orgs, [one.school]),
      ...lost('session', sessions, one.terms),
    ]),
    ...active(district.users).flatMap((user) => [
      ...lost('agent', users, user.agents),
      ...lost('org', orgs, [user.primaryOrg, ...user.roles.map(({ org }) => org)]),
    ]),
    ...active(district.enrollments).flatMap((one) => [
      ...lost('class', classes, [one.class]),
      ...lost('org', orgs, [one.school]),
      ...lost('user', users, [one.user]),
    ]),
    ...active(district.demographics).flatMap((one) => lost('user', users, [one.sourcedId])),
    ...active(district.lineItems).flatMap((item) => [
      ...lost('class', classes, [item.class]),
      ...lost('category', categories, [item.category]),
      ...lost('session', sessions, [item.gradingPeriod, item.academicSession]),
    ]),
    ...active(district.results).flatMap((result) => [
      ...lost('item', items, [result.lineItem]),
      ...lost('class', classes, [result.class]),
      ...lost('user', users, [result.student]),
    ]),
  ]
}

describe('an invented district', () => {
  it('names each record once, and refers only to what is there', () => {
    for (const district of [day1, day2]) {
      for (const [name, listing] of Object.entries(district)) {
        assert.equal(new Set(all<RosterRecord>(listing).map(({ sourcedId }) => sourcedId)).size, listing.size, name)
      }
      assert.deepEqual(listDangling(district), [])
    }
  })

  it('makes any record alone, the same each time', () => {
    const again = inventDistrict(request)
    for (const [name, listing] of Object.entries(day1)) {
      const other = again[name as keyof District]
      for (const index of [listing.size - 1, Math.floor(listing.size / 2), 0]) {
        assert.deepEqual(other.at(index), listing.at(index), `${name} ${String(index)}`)
      }
      assert.throws(() => listing.at(listing.size), RangeError)
    }
  })

  it('has everybody and everything that a roster trips over', () => {
    const users = active(day1.users)
    const byId = new Map(users.map((user) => [user.sourcedId, user]))
    const has = (user: User, ...roles: string[]) => roles.every((role) => user.roles.some((one) => one.role === role))
    const orgsOf = (user: User) => new Set(user.roles.map(({ org }) => org)).size
    const names = (from: User, to: string) => byId.get(to)?.agents.includes(from.sourcedId) === true
    const teachersOf = Map.groupBy(
      active(day1.enrollments).filter(({ role }) => role === 'teacher'),
      (enrollment) => enrollment.class,
    )
    const found = {
      teacherWhoIsParent: users.some((user) => has(user, 'teacher', 'parent') && user.agents.length > 0),
      twoRolesAtOneOrg: users.some((user) => has(user, 'counselor', 'teacher') && orgsOf(user) === 1),
      studentAtTwoSchools: users.some((user) => has(user, 'student') && orgsOf(user) === 2),
      staffAtSeveralSchools: users.some((user) => has(user, 'aide') && orgsOf(user) >= 2),
      guardianWithoutStudents: users.some((user) => has(user, 'guardian') && user.agents.length === 0),
      studentWhoAloneNames: users.some((user) => has(user, 'student') && user.agents.some((one) => !names(user, one))),
      guardianWhoAloneNames: users.some((user) => has(user, 'parent') && user.agents.some((one) => !names(user, one))),
      mayNotSignIn: users.some((user) => has(user, 'student') && !user.enabledUser),
      coTeachers: [...teachersOf.values()].some((teachers) => teachers.length === 2),
      classWithoutTeacher: active(day1.classes).some(({ sourcedId }) => !teachersOf.has(sourcedId)),
      nameBeyondAscii: users.some(({ givenName }) => /\P{ASCII}/u.test(givenName)),
      withdrawn: all(day1.users).some(({ status }) => status === 'tobedeleted'),
      resultWithCredits: active(day1.results).some(({ metadata }) => metadata?.['creditsEarned'] === '0.5'),
      resultWithout: active(day1.results).some(({ metadata }) => metadata === undefined),
      twoSpellings: active(day1.courses).filter(({ courseCode }) => courseCode === 'MAT-09').length === 2,
    }
    assert.deepEqual(
      Object.entries(found).filter(([, isThere]) => !isThere),
      [],
    )
    assert.ok([...teachersOf.values()].every((teachers) => teachers.filter(({ primary }) => primary).length === 1))
  })

  it('has classes of last year, of now and of next year', () => {
    const sessions = new Map(active(day1.academicSessions).map((session) => [session.sourcedId, session]))
    const years = new Set(active(day1.classes).flatMap(({ terms }) => terms.map((id) => sessions.get(id)?.schoolYear)))
    assert.deepEqual([...years].sort(), ['2026', '2027', '2028'])
    const later = inventDistrict({ ...request, today: '2030-03-01' })
    assert.ok(active(later.academicSessions).some(({ sourcedId }) => sourcedId === 'year-2030'))
  })

  it('writes instants in UTC with three decimals, none later than the morning of its day', () => {
    for (const [district, morning] of [
      [day1, '2026-09-01T04:00:00.000Z'],
      [day2, '2026-09-02T04:00:00.000Z'],
    ] as const) {
      const instants = Object.values(district).flatMap((listing) =>
        all<RosterRecord>(listing).map(({ dateLastModified }) => dateLastModified),
      )
      assert.ok(instants.every((instant) => instant === new Date(instant).toISOString() && instant <= morning))
      assert.ok(new Set(instants).size > 1000)
    }
  })

  it('changes from day to day, and only what changed is newer', () => {
    const before = new Map(all(day1.users).map((user) => [user.sourcedId, user]))
    const newest = Math.max(...all(day1.users).map((user) => Date.parse(user.dateLastModified)))
    const changed = all(day2.users).filter((user) => Date.parse(user.dateLastModified) > newest)
    const old = all(day2.users).filter((user) => Date.parse(user.dateLastModified) <= newest)
    for (const user of old) assert.deepEqual(user, before.get(user.sourcedId))
    const kinds = changed.map((user) => {
      const was = before.get(user.sourcedId)
      if (was === undefined) return 'new'
      return user.status === 'tobedeleted' ? 'left' : user.givenName === was.givenName ? 'agents' : 'renamed'
    })
    assert.deepEqual(Object.keys(Object.groupBy(kinds, (kind) => kind)).sort(), ['agents', 'left', 'new', 'renamed'])
    assert.ok(all(day2.classes).some(({ status }) => status === 'tobedeleted'))
    assert.ok(
      active(day2.enrollments).some(
        ({ dateLastModified, endDate }) => dateLastModified > '2026-09-01T05' && endDate === '2026-09-02',
      ),
    )
  })
})
