import assert from 'node:assert/strict'
import { routes } from '../../../simulators/oneroster-rest/collections/routes.ts'
import { rowsOf, StandInClient, startStandIn, type Row } from './stand-in-client.ts'

type Ref = { readonly href: string; readonly sourcedId: string; readonly type: string }

/** Ids that have something of everything below them. */
async function findIds(client: StandInClient): Promise<Record<string, string>> {
  const results = rowsOf(await client.get(`${client.gradebookUrl}/results?limit=1`))
  const student = (results[0]?.['student'] as Ref).sourcedId
  const item = (results[0]?.['lineItem'] as Ref).sourcedId
  const rosterClass = item.replace(/^item/, 'class')
  const found = (await client.get(`classes/${rosterClass}`)).json['class'] as Row & {
    school: Ref
    course: Ref
    terms: Ref[]
  }
  const term = found.terms[0]?.sourcedId ?? ''
  return {
    school: found.school.sourcedId,
    course: found.course.sourcedId,
    term,
    class: rosterClass,
    user: student,
    lineItem: item,
  }
}

for (const version of ['1.1', '1.2'] as const) {
  describe(`the collections of ${version}`, () => {
    it('are all there, with rows of the right kind, and each record under its own id', async () => {
      const client = new StandInClient(await startStandIn({ version }))
      const ids = await findIds(client)
      for (const { path, shelf } of routes) {
        const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? '')
        const isGradebook = ['categories', 'lineItems', 'results'].includes(shelf)
        const got = await client.get(isGradebook ? `${client.gradebookUrl}/${filled}` : filled)
        assert.equal(got.status, 200, path)
        assert.deepEqual(Object.keys(got.json), [shelf], path)
        if (shelf === 'resources') continue
        const rows = rowsOf(got)
        assert.ok(rows.length > 0, path)
        if (path.includes('/')) continue
        const one = await client.get(
          isGradebook
            ? `${client.gradebookUrl}/${path}/${rows[0]?.sourcedId ?? ''}`
            : `${path}/${rows[0]?.sourcedId ?? ''}`,
        )
        assert.deepEqual(Object.values(one.json), [rows[0]], path)
      }
    })

    it('give nested ones their own rows only', async () => {
      const client = new StandInClient(await startStandIn({ version }))
      const ids = await findIds(client)
      const enrollments = (await client.all('enrollments', 1000)) as (Row & { class: Ref; user: Ref; role: string })[]
      const students = await client.all(`classes/${ids['class'] ?? ''}/students`)
      const expected = enrollments.filter((one) => one.class.sourcedId === ids['class'] && one.role === 'student')
      assert.deepEqual(
        students.map(({ sourcedId }) => sourcedId).sort(),
        expected.map(({ user }) => user.sourcedId).sort(),
      )
      const classes = await client.all(`students/${ids['user'] ?? ''}/classes`)
      const own = new Set(
        enrollments.filter(({ user }) => user.sourcedId === ids['user']).map((one) => one.class.sourcedId),
      )
      assert.deepEqual(new Set(classes.map(({ sourcedId }) => sourcedId)), own)
    })

    it('list as students and teachers those who say so of themselves', async () => {
      const client = new StandInClient(await startStandIn({ version }))
      type User = Row & { readonly role?: string; readonly roles?: readonly { readonly role: string }[] }
      const rolesOf = ({ role, roles = [] }: User) => (role === undefined ? roles.map((one) => one.role) : [role])
      const users = (await client.all('users', 1000)) as User[]
      const ids = await findIds(client)
      for (const role of ['student', 'teacher']) {
        const meant = users.filter((user) => rolesOf(user).includes(role)).map(({ sourcedId }) => sourcedId)
        const listed = (await client.all(`${role}s`, 1000)).map(({ sourcedId }) => sourcedId)
        assert.deepEqual(listed, meant)
        const ofSchool = (await client.all(`schools/${ids['school'] ?? ''}/${role}s`, 1000)).map((row) => row.sourcedId)
        assert.ok(ofSchool.length > 0 && ofSchool.every((id) => meant.includes(id)))
      }
    })

    it('refer by href, sourcedId and type, and the href is answered', async () => {
      const client = new StandInClient(await startStandIn({ version }))
      const results = rowsOf(await client.get(`${client.gradebookUrl}/results?limit=1`)) as (Row & {
        lineItem: Ref
        student: Ref
      })[]
      const enrollments = rowsOf(await client.get('enrollments?limit=1')) as (Row & {
        user: Ref
        class: Ref
        school: Ref
      })[]
      const [result, enrollment] = [results[0], enrollments[0]]
      assert.ok(result !== undefined && enrollment !== undefined)
      for (const ref of [result.lineItem, result.student, enrollment.user, enrollment.class, enrollment.school]) {
        const got = await client.get(ref.href)
        assert.equal(got.status, 200)
        assert.equal((got.json[ref.type] as Row).sourcedId, ref.sourcedId)
      }
    })

    it('answer 404 for what is not there, and 405 for what is not asked', async () => {
      const client = new StandInClient(await startStandIn({ version }))
      for (const path of [
        'nothing',
        'users/nobody',
        'schools/nowhere/classes',
        'students/teacher-001-001',
        'classes/x/y/z',
      ]) {
        const got = await client.get(path)
        assert.equal(got.status, 404, path)
        assert.match(got.text, version === '1.1' ? /"unknown object"/ : /"unknownobject"/)
      }
    })
  })
}

describe('a user', () => {
  it('of 1.1 has one role and orgs', async () => {
    const client = new StandInClient(await startStandIn())
    const user = (await client.get('users/teacher-001-001')).json['user'] as Row & { orgs: Ref[]; agents: Ref[] }
    assert.deepEqual(
      [user['role'], user['enabledUser'], user['roles'], user['preferredFirstName']],
      ['teacher', 'true', undefined, undefined],
    )
    assert.ok(user.orgs.some(({ sourcedId, type }) => sourcedId === 'school-001' && type === 'org'))
    // She is a mother too, which 1.1 can only say by her agents.
    assert.equal(user.agents.length, 1)
    assert.equal(user['sms'], '')
  })

  it('of 1.2 has roles, profiles and a first org, and nothing of 1.1', async () => {
    const client = new StandInClient(await startStandIn({ version: '1.2' }))
    const users = (await client.all('users', 500)) as (Row & {
      roles: { role: string; roleType: string; org: Ref; userProfile?: string }[]
      userProfiles?: { profileId: string; credentials: unknown[] }[]
    })[]
    const teacher = users.find(({ sourcedId }) => sourcedId === 'teacher-001-001')
    assert.deepEqual(
      teacher?.roles.map(({ role }) => role),
      ['teacher', 'parent'],
    )
    assert.deepEqual([teacher['role'], teacher['orgs'], teacher['sms']], [undefined, undefined, undefined])
    assert.equal((teacher['primaryOrg'] as Ref).sourcedId, 'school-001')
    const withProfile = users.find(({ userProfiles }) => userProfiles !== undefined)
    assert.equal(withProfile?.roles[0]?.userProfile, withProfile?.userProfiles?.[0]?.profileId)
    assert.ok(users.some((user) => user['preferredFirstName'] !== undefined))
    for (const { roles } of users) {
      const primary = roles.filter(({ roleType }) => roleType === 'primary').map(({ org }) => org.sourcedId)
      assert.deepEqual(new Set(primary), new Set(roles.map(({ org }) => org.sourcedId)))
      assert.equal(new Set(primary).size, primary.length)
    }
  })

  it('has booleans as text, or as JSON when the provider writes them so', async () => {
    const text = new StandInClient(await startStandIn())
    const json = new StandInClient(await startStandIn({ booleans: 'json' }))
    assert.equal(rowsOf(await text.get('users'))[0]?.['enabledUser'], 'true')
    assert.equal(rowsOf(await json.get('users'))[0]?.['enabledUser'], true)
    assert.equal(
      rowsOf(await json.get('demographics'))[0]?.['asian'] === true ||
        rowsOf(await json.get('demographics'))[0]?.['asian'] === false,
      true,
    )
  })
})

describe('the gradebook of 1.2', () => {
  it('has its own base', async () => {
    const client = new StandInClient(await startStandIn({ version: '1.2' }))
    assert.equal((await client.get(`${client.gradebookUrl}/results`)).status, 200)
    assert.equal((await client.get('results')).status, 404)
    assert.equal((await client.get(`${client.gradebookUrl}/users`)).status, 404)
  })
})
